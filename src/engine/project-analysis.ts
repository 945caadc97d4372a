import { type Disables, readDisables } from '../exceptions/disables.js';
import type { Finding } from '../findings/finding.js';
import { clientLinkRules } from '../model/clients/link-rules.js';
import type { Model } from '../model/model.js';
import { ModelCache } from '../model/model-cache.js';
import { type DiskAccess, Project, type ProjectChange, unchanged } from '../project/project.js';
import type { Rule } from '../rule/rule.js';
import { matcherOf } from '../settings/globs.js';
import type { Settings } from '../settings/load-settings.js';
import { noTrace, type Trace } from '../trace/trace.js';
import { modelSettingsOf } from './model-settings.js';
import type { KeptResults } from './kept-results.js';
import type { RefreshCost, RefreshScope } from './refresh-policy.js';
import { type RuleResult, runRule } from './run-rule.js';
import { findStaleSettings, type StaleSetting } from './stale-settings.js';

/**
 * One root under one set of settings: its files, its model, and the results of the rules, each kept until an edit can change it.
 * The audit creates one; `ProjectAnalyses` creates one for each root that a linter lints.
 */
export class ProjectAnalysis {
  readonly project: Project;
  /** Globs of the setting `vendored` that match no file. */
  readonly unusedVendored: ReadonlySet<string>;
  readonly #models: ModelCache;
  readonly #results = new Map<Rule, RuleResult>();
  readonly #disables = new Map<string, { readonly text: string; readonly disables: Disables }>();
  #resultsVersion = 0;
  /** Number of results that were left to later processes. */
  #keptResults = 0;
  #staleSettings: readonly StaleSetting[] | undefined;
  readonly #byFile = new WeakMap<readonly Finding[], Map<string, Finding[]>>();

  constructor(
    root: string,
    readonly settings: Settings,
    private readonly trace: Trace = noTrace,
    /** Keys of the settings that a linter's configuration replaced. */
    readonly overridden: readonly string[] = [],
    /** Results of earlier processes. Without them, `disk` is the access to the disk. */
    private readonly kept?: KeptResults,
    disk: DiskAccess = kept?.disk ?? {},
  ) {
    const step = trace.startSteps('step');
    const { isVendored, unused } = vendoredMatcher(settings.vendored);
    this.unusedVendored = unused;
    const modelSettings = modelSettingsOf(root, settings);
    this.project = step('source files', new Project(root, isVendored, clientLinkRules(modelSettings.clients), disk));
    this.#models = new ModelCache(this.project, modelSettings, trace);
  }

  /** The model of the files as they are. Built at the first read. */
  get model(): Model {
    return this.#models.model;
  }

  /** Takes over a linter's text of a file. It overrides the text on disk. */
  open(file: string, text: string): void {
    const change = this.project.open(file, text);
    this.kept?.noteText(file, text, change);
    this.#models.invalidate(change);
  }

  /** The cost of a refresh of each scope, in files and folders to stat. */
  get refreshCost(): RefreshCost {
    const { sources, folders } = this.project;
    const all = sources.size + folders;
    return { all, slice: (this.kept?.answers ? this.kept.sliceSize : this.#models.slice.size) + folders };
  }

  /** Reads the disk again: all files, or those of the slice. Returns what changed. */
  refresh(scope: RefreshScope): ProjectChange {
    const kept = this.kept?.compare(scope);
    if (kept === 'unchanged') return unchanged;
    const change = this.project.refresh(scope === 'all' || kept === 'changed' ? undefined : this.#models.slice);
    if (kept !== 'changed' && (change.files.size > 0 || change.resolutionChanged)) this.kept?.drop();
    this.#models.invalidate(change);
    return change;
  }

  /** Returns the result of a rule over the whole project. */
  readonly check = (rule: Rule): RuleResult => {
    this.#dropOldResults();
    const result = this.#results.get(rule) ?? this.#run(rule);
    this.#results.set(rule, result);
    return result;
  };

  /** Returns the entries of the settings that match nothing. `rules` are those that sanctions may name. */
  staleSettings(rules: readonly Rule[]): readonly StaleSetting[] {
    if (this.kept?.answers?.staleSettings) return this.kept.answers.staleSettings;
    this.#dropOldResults();
    this.#staleSettings ??= this.trace.startSteps('step')('stale settings', findStaleSettings(this, rules));
    return this.#staleSettings;
  }

  /** Returns the disable comments of a file. */
  readonly disablesIn = (file: string): Disables => {
    const text = this.project.text(file) ?? '';
    const known = this.#disables.get(file);
    if (known?.text === text) return known.disables;
    const disables = readDisables(file, text);
    this.#disables.set(file, { text, disables });
    return disables;
  };

  #dropOldResults(): void {
    if (this.#resultsVersion === this.#models.version) return;
    this.#resultsVersion = this.#models.version;
    this.#results.clear();
    this.#keptResults = 0;
    this.#staleSettings = undefined;
  }

  /** Returns the findings of a rule in one file. */
  findingsIn(file: string, rule: Rule): readonly Finding[] {
    const findings = this.kept?.answers?.findings[rule.name] ?? this.check(rule).findings;
    const byFile = this.#byFile.get(findings) ?? groupByFile(findings);
    this.#byFile.set(findings, byFile);
    return byFile.get(file) ?? [];
  }

  /** Whether there are results that later processes do not know, and that can be left to them at little cost. */
  get hasNews(): boolean {
    return this.kept?.hasChanged === false && this.#results.size + (this.#staleSettings ? 1 : 0) > this.#keptResults;
  }

  /** Leaves the results to later processes, if they are those of the files on disk. */
  keepResults(): void {
    this.#dropOldResults();
    const results = this.#results.size + (this.#staleSettings ? 1 : 0);
    if (results === this.#keptResults) return;
    this.#keptResults = results;
    const findings = Object.fromEntries([...this.#results].map(([rule, result]) => [rule.name, result.findings]));
    this.kept?.keep({ findings, staleSettings: this.#staleSettings }, this.project);
  }

  #run(rule: Rule): RuleResult {
    const { model } = this;
    const step = this.trace.startSteps('rule');
    return step(rule.name, runRule(rule, this, model));
  }
}

/** Returns the matcher of the vendored files, and the globs that have matched none yet. */
function vendoredMatcher(globs: readonly string[]): {
  readonly isVendored: (relativePath: string) => boolean;
  readonly unused: ReadonlySet<string>;
} {
  const matchers = globs.map((glob) => ({ glob, matches: matcherOf([glob]) }));
  const unused = new Set(globs);
  const isVendored = (relativePath: string): boolean => {
    const matching = matchers.filter(({ matches }) => matches(relativePath));
    for (const { glob } of matching) unused.delete(glob);
    return matching.length > 0;
  };
  return { isVendored, unused };
}

function groupByFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const byFile = new Map<string, Finding[]>();
  for (const finding of findings) byFile.set(finding.span.file, [...(byFile.get(finding.span.file) ?? []), finding]);
  return byFile;
}
