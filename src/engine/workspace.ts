import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { Finding } from '../findings/finding.js';
import { RefreshPolicy, type RefreshScope, type RefreshCost } from './refresh-policy.js';
import { matcherOf } from '../settings/globs.js';
import { type RuleResult, runRule } from './run-rule.js';
import { type Model, ModelCache } from '../model/model.js';
import { modelSettingsOf } from './model-settings.js';
import { Project } from '../project/project.js';
import { findRoot } from '../project/find-root.js';
import type { Rule } from '../rule/rule.js';
import { readSettings, type Settings, settingsFileName, type SettingsProblem } from '../settings/load-settings.js';

/** One root under one set of settings: its files, what they mean, and what the rules say of them. */
export class ProjectAnalysis {
  readonly project: Project;
  readonly #source: ModelCache;
  readonly #results = new Map<Rule, RuleResult>();
  #resultsVersion = 0;
  readonly #byFile = new WeakMap<RuleResult, Map<string, Finding[]>>();

  constructor(
    root: string,
    readonly settings: Settings,
  ) {
    this.project = new Project(root, matcherOf(settings.vendored));
    this.#source = new ModelCache(this.project, modelSettingsOf(root, settings));
  }

  get model(): Model {
    return this.#source.model;
  }

  open(file: string, text: string): void {
    this.#source.invalidate(this.project.open(file, text));
  }

  /** How many files and folders a refresh looks at. */
  get refreshCost(): RefreshCost {
    const { sources, folders } = this.project;
    return { all: sources.size + folders, slice: this.#source.slice.size + folders };
  }

  refresh(scope: RefreshScope): void {
    this.#source.invalidate(this.project.refresh(scope === 'all' ? undefined : this.#source.slice));
  }

  check(rule: Rule): RuleResult {
    if (this.#resultsVersion !== this.#source.version) this.#results.clear();
    this.#resultsVersion = this.#source.version;
    const result = this.#results.get(rule) ?? runRule(rule, this.project, this.settings, this.model);
    this.#results.set(rule, result);
    return result;
  }

  findingsIn(file: string, rule: Rule): readonly Finding[] {
    const result = this.check(rule);
    const byFile = this.#byFile.get(result) ?? groupByFile(result.findings);
    this.#byFile.set(result, byFile);
    return byFile.get(file) ?? [];
  }
}

/** What a linter hands over for one file. */
export interface LintedFile {
  readonly file: string;
  readonly cwd: string;
  readonly text: string;
  /** `settings['clickhouse-ssot']` of the linter's configuration. */
  readonly override: unknown;
}

export type LintResult =
  { readonly kind: 'findings'; readonly findings: readonly Finding[] } | { readonly kind: 'problem'; readonly message: string };

type Entry =
  | { readonly kind: 'ready'; readonly settingsKey: string; readonly analysis: ProjectAnalysis }
  | {
      readonly kind: 'broken';
      readonly settingsKey: string;
      readonly problems: readonly SettingsProblem[];
      /** Who says so; all others stay silent. */ readonly reporter: SettingsReporter;
    };

/** One question of a run says what is wrong with the settings. */
interface SettingsReporter {
  readonly queryKey: string;
  readonly file: string;
  /** Who else has asked since it last spoke. */
  readonly suppressed: Set<string>;
}

/** A linter that comes back to a file after so many milliseconds does not fix it pass by pass: somebody works in it. */
const editPauseMs = 500;

/** Until the settings are right, nothing else is looked at. */
const settingsOnly: RefreshCost = { all: 1, slice: 1 };

const noFindings: LintResult = { kind: 'findings', findings: [] };

/** The workspaces of this process. One process may lint several roots, and one root under several settings. */
export class ProjectAnalyses {
  readonly #entries = new Map<string, Entry>();
  readonly #roots = new Map<string, string>();
  readonly #refreshPolicies = new Map<string, RefreshPolicy>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  lint(rule: Rule, linted: LintedFile): LintResult {
    const root = this.#rootOf(linted);
    const key = `${root}\0${keyOf(linted.override)}`;
    const queryKey = `${rule.name}\0${linted.file}`;
    const policy = this.#refreshPolicies.get(key) ?? new RefreshPolicy(this.now);
    this.#refreshPolicies.set(key, policy);
    const scope = policy.scopeFor(rule.name, linted.file, this.#reachOf(key));
    try {
      if (scope) this.#refresh(key, root, linted, queryKey, scope);
      return this.#lintWith(key, queryKey, rule, linted, policy.pause);
    } finally {
      policy.markAnswered();
    }
  }

  #reachOf(key: string): RefreshCost {
    const entry = this.#entries.get(key);
    return entry?.kind === 'ready' ? entry.analysis.refreshCost : settingsOnly;
  }

  #lintWith(key: string, queryKey: string, rule: Rule, { file, text }: LintedFile, pause: number): LintResult {
    const entry = this.#entries.get(key);
    if (!entry) return noFindings;
    if (entry.kind === 'broken') {
      const { reporter } = entry;
      const isNext =
        reporter.queryKey !== queryKey && (isGone(reporter, file) || (reporter.suppressed.has(queryKey) && pause > editPauseMs));
      if (isNext) this.#entries.set(key, { ...entry, reporter: { queryKey, file, suppressed: new Set() } });
      else if (reporter.queryKey === queryKey) reporter.suppressed.clear();
      else reporter.suppressed.add(queryKey);
      return isNext || reporter.queryKey === queryKey
        ? { kind: 'problem', message: entry.problems.map(({ message }) => message).join('\n') }
        : noFindings;
    }
    entry.analysis.open(file, text);
    return { kind: 'findings', findings: entry.analysis.findingsIn(file, rule) };
  }

  #refresh(key: string, root: string, { file, override }: LintedFile, queryKey: string, scope: RefreshScope): void {
    this.#roots.clear();
    const entry = this.#entries.get(key);
    const result = readSettings(root, override);
    const settingsKey = JSON.stringify(result);
    if (entry?.settingsKey === settingsKey) {
      if (entry.kind === 'ready') entry.analysis.refresh(scope);
    } else if (result.ok) this.#entries.set(key, { kind: 'ready', settingsKey, analysis: new ProjectAnalysis(root, result.settings) });
    else
      this.#entries.set(key, {
        kind: 'broken',
        settingsKey,
        problems: result.problems,
        reporter: { queryKey, file, suppressed: new Set() },
      });
  }

  #rootOf({ file, cwd }: LintedFile): string {
    const folder = posix.dirname(file);
    const root = this.#roots.get(folder) ?? findRoot(file, cwd, settingsFileName);
    this.#roots.set(folder, root);
    return root;
  }
}

export const projectAnalyses = new ProjectAnalyses();

function isGone(reporter: SettingsReporter, file: string): boolean {
  return reporter.file !== file && !existsSync(reporter.file);
}

/** A program may put into its linter's settings what JSON cannot hold; validation says so, later and in words. */
function keyOf(override: unknown): string {
  try {
    return override === undefined ? '' : JSON.stringify(override);
  } catch {
    return 'not JSON';
  }
}

function groupByFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const byFile = new Map<string, Finding[]>();
  for (const finding of findings) byFile.set(finding.span.file, [...(byFile.get(finding.span.file) ?? []), finding]);
  return byFile;
}
