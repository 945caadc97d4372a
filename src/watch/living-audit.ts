import { resolve } from 'node:path';
import { auditAnalysis, type AuditOutcome } from '../audit/audit.js';
import { auditPaths, type AuditPathsOptions } from '../audit/audit-paths.js';
import type { CachedAuditOptions } from '../audit/cached-audit.js';
import { ProjectAnalysis } from '../engine/project-analysis.js';
import { toPosix } from '../project/paths.js';
import { readSettings, readSettingsFile } from '../settings/load-settings.js';

/** One root under the settings that were last read, and the outcome of its last audit. */
interface LivingRoot {
  readonly settingsKey: string;
  readonly analysis: ProjectAnalysis;
  outcome: AuditOutcome;
}

/** The outcome of an audit, and the files that changed since the one before, as absolute paths. */
export interface LivingOutcome {
  readonly outcome: AuditOutcome;
  readonly changed: readonly string[];
  /** Whether a settings file, a manifest or the list of projects changed, so that a project was audited anew. */
  readonly isRenewed: boolean;
}

/** An audit that can run again: it keeps the model of each root, as an editor's linter does, and renews what an edit can change. */
export class LivingAudit {
  readonly #roots = new Map<string, LivingRoot>();
  #changed: string[] = [];
  #isRenewed = false;

  constructor(private readonly options: Omit<AuditPathsOptions, 'auditRoot' | 'cache'>) {}

  /** Reads the disk and audits what has changed. */
  run(): LivingOutcome {
    this.#changed = [];
    this.#isRenewed = false;
    const visited = new Set<string>();
    const outcome = auditPaths({
      ...this.options,
      auditRoot: (options) => {
        visited.add(options.root);
        return this.#auditRoot(options);
      },
    });
    for (const root of [...this.#roots.keys()].filter((known) => !visited.has(known))) this.#roots.delete(root);
    return { outcome, changed: this.#changed, isRenewed: this.#isRenewed };
  }

  #auditRoot(options: CachedAuditOptions): AuditOutcome {
    const root = toPosix(resolve(options.root));
    const { settingsFile } = options;
    const result = settingsFile === undefined ? readSettings(root) : readSettingsFile(settingsFile);
    // The model stays while the settings are wrong: they are mended soon, and mostly to what they were.
    if (!result.ok) return { kind: 'error', problems: result.problems.map(({ message }) => message) };
    const settingsKey = JSON.stringify([settingsFile, result.settings]);
    const known = this.#roots.get(root);
    options.reportPhase?.('reading', root);
    if (known?.settingsKey !== settingsKey) {
      this.#isRenewed = true;
      const analysis = new ProjectAnalysis(root, result.settings, options.trace);
      const outcome = auditAnalysis(analysis, options);
      this.#roots.set(root, { settingsKey, analysis, outcome });
      return outcome;
    }
    const { files, resolutionChanged } = known.analysis.refresh('all');
    if (files.size === 0 && !resolutionChanged) return known.outcome;
    if (files.size === 0) this.#isRenewed = true;
    known.outcome = auditAnalysis(known.analysis, options);
    this.#changed.push(...files);
    return known.outcome;
  }
}
