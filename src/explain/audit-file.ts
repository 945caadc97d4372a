import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { AuditPlace, AuditResult } from '../audit/audit-result.js';
import { applyBaseline, baselineFileName } from '../audit/baseline/apply-baseline.js';
import { cachedAudit, type CachedAuditOptions } from '../audit/cached-audit.js';
import type { AuditedModule } from '../audit/describe-modules.js';
import { type FileFacts, readFileFacts } from '../audit/file-facts.js';
import { findRoots } from '../audit/find-roots.js';
import { ProjectAnalysis } from '../engine/project-analysis.js';
import { readEnclosingNames } from '../exceptions/enclosing-names.js';
import { relativeTo } from '../project/paths.js';
import { readSettings, readSettingsFile, type Settings, settingsFileName } from '../settings/load-settings.js';
import { linesOf } from './parse-target.js';

/** The audit of the project of one file, with all rules, and what else its explanation needs. */
export interface AuditedFile {
  /** Path of the file, relative to the root. */
  readonly file: string;
  readonly result: AuditResult;
  readonly modules: readonly AuditedModule[];
  readonly facts: FileFacts;
  readonly settings: Settings;
  /** Path of the settings file, relative to the root. */
  readonly settingsFile: string;
  readonly hasSettingsFile: boolean;
  /** Returns the code of a line of a file of the project, without indentation. Empty if there is no such line. */
  readonly codeAt: (place: Pick<AuditPlace, 'file' | 'line'>) => string;
  /** Returns the named declarations around a place, as the setting `sanctioned` names them. */
  readonly namesAt: (place: AuditPlace) => readonly string[];
}

/** An audited file, or the problems that prevent an audit. */
export type AuditFileOutcome =
  { readonly kind: 'done'; readonly audited: AuditedFile } | { readonly kind: 'error'; readonly problems: readonly string[] };

/** Audits the project of an existing file with all rules. Answers of earlier audits with all rules are used, and kept. */
export function auditFile(file: string, options: Omit<CachedAuditOptions, 'root' | 'selection'>): AuditFileOutcome {
  const { settingsFile } = options;
  const [target] = findRoots([file], settingsFile);
  if (!target) return { kind: 'error', problems: [`${file}: found no project of this file.`] };
  const { root } = target;
  const path = relativeTo(root, file);
  if (settingsFile !== undefined && root !== folderOf(settingsFile))
    return {
      kind: 'error',
      problems: [
        `--config: found that ${file} is outside of ${folderOf(settingsFile)}, the folder of the settings file. Name a file in it.`,
      ],
    };
  const settings = settingsFile === undefined ? readSettings(root) : readSettingsFile(settingsFile);
  if (!settings.ok) return { kind: 'error', problems: settings.problems.map(({ message }) => message) };
  const outcome = cachedAudit({ ...options, root, selection: { preset: 'strict', rules: [] } });
  if (outcome.kind === 'error') return outcome;
  const compared = compareWithBaseline(outcome.result);
  if (compared.kind === 'error') return compared;
  const texts = new Map<string, readonly string[]>();
  const read = (name: string): readonly string[] => {
    const lines = texts.get(name) ?? linesOf(textOf(posix.join(root, name)));
    texts.set(name, lines);
    return lines;
  };
  return {
    kind: 'done',
    audited: {
      file: path,
      result: compared.result,
      modules: outcome.modules,
      facts: readFileFacts(new ProjectAnalysis(root, settings.settings), path),
      settings: settings.settings,
      settingsFile: settingsFile === undefined ? settingsFileName : posix.basename(settingsFile),
      hasSettingsFile: existsSync(settingsFile ?? posix.join(root, settingsFileName)),
      codeAt: (place) => read(place.file)[place.line - 1]?.trim() ?? '',
      namesAt: (place) => {
        const before = read(place.file).slice(0, place.line - 1);
        const text = read(place.file).join('\n');
        const offset = before.reduce((sum, line) => sum + line.length + 1, 0) + place.column - 1;
        return readEnclosingNames(posix.join(root, place.file), text).at(offset);
      },
    },
  };
}

function folderOf(settingsFile: string): string {
  return posix.dirname(settingsFile);
}

type Compared = { readonly kind: 'done'; readonly result: AuditResult } | { readonly kind: 'error'; readonly problems: readonly string[] };

/** A baseline counts if it is in its usual place: `explain` has no option for another one. */
function compareWithBaseline(result: AuditResult): Compared {
  const path = posix.join(result.root, baselineFileName);
  if (!existsSync(path)) return { kind: 'done', result };
  const outcome = applyBaseline([result], { path, mode: 'compare', audited: [result.root], includesTests: true });
  if (outcome.kind === 'error') return { kind: 'error', problems: [outcome.problem] };
  return { kind: 'done', result: outcome.results[0] ?? result };
}

/** The text without a byte order mark, so that columns agree with those of the audit. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return '';
  }
}
