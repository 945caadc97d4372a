import { posix } from 'node:path';
import type { Finding } from '../findings/finding.js';
import { type CacheChoice, cachePlaceOf, noCache } from '../cache/cache-location.js';
import { findRoot } from '../project/find-root.js';
import type { Rule } from '../rule/rule.js';
import { readSettings, settingsFileName, type SettingsProblem } from '../settings/load-settings.js';
import { noTrace, type Trace } from '../trace/trace.js';
import { KeptResults } from './kept-results.js';
import { ProjectAnalysis } from './project-analysis.js';
import { type RefreshCost, RefreshPolicy, type RefreshScope } from './refresh-policy.js';
import { SettingsReporter } from './settings-reporter.js';

/** What a linter passes for one file. */
export interface LintedFile {
  /** Absolute path with forward slashes; the file need not exist. */
  readonly file: string;
  /** Working folder of the linter, an absolute path with forward slashes. */
  readonly cwd: string;
  /** The text of the file without byte order mark; it may be unsaved. Undefined: the text on disk counts. */
  readonly text: string | undefined;
  /** `settings['clickhouse-ssot']` of the linter's configuration. */
  readonly override: unknown;
}

/** The findings of one rule in one file, or what is wrong with the settings: at least one message. */
export type LintResult =
  { readonly kind: 'findings'; readonly findings: readonly Finding[] } | { readonly kind: 'problem'; readonly messages: readonly string[] };

/**
 * A root under one override, as its settings were last read. `settingsKey` differs whenever the settings differ. `reporter` selects the file
 * at which wrong settings are reported; unset until there is something to report.
 */
type Entry =
  | { readonly kind: 'ready'; readonly settingsKey: string; readonly analysis: ProjectAnalysis; reporter?: SettingsReporter }
  | {
      readonly kind: 'invalid';
      readonly settingsKey: string;
      readonly problems: readonly SettingsProblem[];
      reporter?: SettingsReporter;
      /** Whether the last report was by a rule that may only warn. */
      wasWarning: boolean;
    };

/** The cost of a refresh while the settings are invalid: only the settings file is read. */
const settingsOnly: RefreshCost = { all: 1, slice: 1 };

const noFindings: LintResult = { kind: 'findings', findings: [] };

/**
 * All project analyses of a process: it may lint several roots, and one root under several settings. It keeps each analysis and decides
 * when to read the disk again. `plugin.ts` creates one; the rules of a linter query it for each file.
 */
export class ProjectAnalyses {
  readonly #entries = new Map<string, Entry>();
  readonly #roots = new Map<string, string>();
  readonly #refreshPolicies = new Map<string, RefreshPolicy>();
  readonly #rules: readonly Rule[];
  readonly #now: () => number;
  readonly #trace: Trace;
  readonly #cache: CacheChoice;
  #isKeepingPlanned = false;

  /**
   * `rules` are the rules that sanctions may name; without them no sanction is found to be stale. `now` is a clock in milliseconds. `cache`
   * is where results of earlier processes are. Default: no rules, `performance.now`, no trace and no cache.
   */
  constructor({
    rules = [],
    now = () => performance.now(),
    trace = noTrace,
    cache = noCache,
  }: { readonly rules?: readonly Rule[]; readonly now?: () => number; readonly trace?: Trace; readonly cache?: CacheChoice } = {}) {
    this.#rules = rules;
    this.#now = now;
    this.#trace = trace;
    this.#cache = cache;
  }

  /** Returns what a rule reports in a file. */
  lint(rule: Rule, linted: LintedFile): LintResult {
    const root = this.#rootOf(linted);
    const key = `${root}\0${keyOf(linted.override)}`;
    const queryKey = `${rule.name}\0${linted.file}`;
    const policy = this.#refreshPolicies.get(key) ?? new RefreshPolicy(this.#now);
    this.#refreshPolicies.set(key, policy);
    const scope = policy.scopeFor(rule.name, linted.file, this.#refreshCostOf(key));
    try {
      if (scope) this.#refresh(key, root, linted.override, scope);
      return this.#query(key, queryKey, rule, linted, policy.pauseMs);
    } finally {
      this.#planKeeping(key);
      policy.markAnswered();
    }
  }

  /** Leaves all results to later processes. `plugin.ts` calls it at the end of the process. */
  keepResults(): void {
    for (const entry of this.#entries.values()) if (entry.kind === 'ready') entry.analysis.keepResults();
  }

  /** Linters do not announce their end, and a process can be killed. So results are kept as soon as the linter pauses. */
  #planKeeping(key: string): void {
    const entry = this.#entries.get(key);
    if (this.#isKeepingPlanned || entry?.kind !== 'ready' || !entry.analysis.hasNews) return;
    this.#isKeepingPlanned = true;
    setImmediate(() => {
      this.#isKeepingPlanned = false;
      if (entry.analysis.hasNews) entry.analysis.keepResults();
    });
  }

  #rootOf({ file, cwd }: LintedFile): string {
    const folder = posix.dirname(file);
    const root = this.#roots.get(folder) ?? findRoot(file, cwd, settingsFileName);
    this.#roots.set(folder, root);
    return root;
  }

  #refreshCostOf(key: string): RefreshCost {
    const entry = this.#entries.get(key);
    return entry?.kind === 'ready' ? entry.analysis.refreshCost : settingsOnly;
  }

  /** Reads the settings again and, if they are the same, the files of the scope; else starts a new analysis. */
  #refresh(key: string, root: string, override: unknown, scope: RefreshScope): void {
    this.#roots.clear();
    const entry = this.#entries.get(key);
    const result = readSettings(root, override);
    const settingsKey = JSON.stringify(result);
    if (entry?.settingsKey === settingsKey) {
      if (entry.kind === 'ready') entry.analysis.refresh(scope);
    } else if (result.ok) {
      const place = this.#cache.kind === 'settings' ? cachePlaceOf(result.settings.cache, root) : this.#cache;
      const kept = KeptResults.open(root, settingsKey, place, this.#trace);
      const analysis = new ProjectAnalysis(root, result.settings, this.#trace, result.overridden, kept);
      this.#entries.set(key, { kind: 'ready', settingsKey, analysis });
    } else this.#entries.set(key, { kind: 'invalid', settingsKey, problems: result.problems, wasWarning: false });
  }

  #query(key: string, queryKey: string, rule: Rule, { file, text }: LintedFile, pauseMs: number): LintResult {
    const entry = this.#entries.get(key);
    if (!entry) return noFindings;
    if (entry.kind === 'invalid') {
      // A rule that may only warn must not be the only one that reports, or the run would pass.
      if (entry.wasWarning && rule.subject !== 'stale-settings') delete entry.reporter;
      const isDue = (entry.reporter ??= new SettingsReporter(queryKey, file)).shouldReport(queryKey, file, pauseMs);
      if (isDue) entry.wasWarning = rule.subject === 'stale-settings';
      return isDue ? { kind: 'problem', messages: [entry.problems.map(({ message }) => message).join('\n')] } : noFindings;
    }
    if (text !== undefined) entry.analysis.open(file, text);
    if (rule.subject !== 'stale-settings') return { kind: 'findings', findings: entry.analysis.findingsIn(file, rule) };
    const stale = entry.analysis.staleSettings(this.#rules);
    if (stale.length === 0) return noFindings;
    const isDue = (entry.reporter ??= new SettingsReporter(queryKey, file)).shouldReport(queryKey, file, pauseMs);
    return isDue ? { kind: 'problem', messages: stale.map(({ message }) => message) } : noFindings;
  }
}

/** A configuration in code may contain what JSON cannot express. The validation of the settings reports that. */
function keyOf(override: unknown): string {
  try {
    return override === undefined ? '' : JSON.stringify(override);
  } catch {
    return 'not JSON';
  }
}
