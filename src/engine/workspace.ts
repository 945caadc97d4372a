import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { Finding } from '../findings/finding.js';
import { Freshness, type HowFar, type Reach } from './refresh-policy.js';
import { matcherOf } from '../settings/globs.js';
import { type Judgement, judge } from './run-rule.js';
import { type Model, ModelSource } from '../model/model.js';
import { modelSettingsOf } from './model-settings.js';
import { Project } from '../project/project.js';
import { findRoot } from '../project/find-root.js';
import type { Rule } from '../rule/rule.js';
import { readSettings, type Settings, settingsFileName, type SettingsProblem } from '../settings/load-settings.js';

/** One root under one set of settings: its files, what they mean, and what the rules say of them. */
export class Workspace {
  readonly project: Project;
  readonly #source: ModelSource;
  readonly #judgements = new Map<Rule, Judgement>();
  #judgedVersion = 0;
  readonly #byFile = new WeakMap<Judgement, Map<string, Finding[]>>();

  constructor(
    root: string,
    readonly settings: Settings,
  ) {
    this.project = new Project(root, matcherOf(settings.vendored));
    this.#source = new ModelSource(this.project, modelSettingsOf(root, settings));
  }

  get model(): Model {
    return this.#source.model;
  }

  open(file: string, text: string): void {
    this.#source.apply(this.project.open(file, text));
  }

  /** How many files and folders a refresh looks at. */
  get reach(): Reach {
    const { sources, folders } = this.project;
    return { everywhere: sources.size + folders, 'where it matters': this.#source.slice.size + folders };
  }

  refresh(howFar: HowFar): void {
    this.#source.apply(this.project.refresh(howFar === 'everywhere' ? undefined : this.#source.slice));
  }

  judge(rule: Rule): Judgement {
    if (this.#judgedVersion !== this.#source.version) this.#judgements.clear();
    this.#judgedVersion = this.#source.version;
    const judgement = this.#judgements.get(rule) ?? judge(rule, this.project, this.settings, this.model);
    this.#judgements.set(rule, judgement);
    return judgement;
  }

  findingsIn(file: string, rule: Rule): readonly Finding[] {
    const judgement = this.judge(rule);
    const byFile = this.#byFile.get(judgement) ?? groupByFile(judgement.findings);
    this.#byFile.set(judgement, byFile);
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

export type LintAnswer =
  { readonly kind: 'findings'; readonly findings: readonly Finding[] } | { readonly kind: 'problem'; readonly message: string };

type Entry =
  | { readonly kind: 'ready'; readonly settingsKey: string; readonly workspace: Workspace }
  | {
      readonly kind: 'broken';
      readonly settingsKey: string;
      readonly problems: readonly SettingsProblem[];
      /** Who says so; all others stay silent. */ readonly speaker: Speaker;
    };

/** One question of a run says what is wrong with the settings. */
interface Speaker {
  readonly question: string;
  readonly file: string;
  /** Who else has asked since it last spoke. */
  readonly silenced: Set<string>;
}

/** A linter that comes back to a file after so many milliseconds does not fix it pass by pass: somebody works in it. */
const workPause = 500;

/** Until the settings are right, nothing else is looked at. */
const settingsAlone: Reach = { everywhere: 1, 'where it matters': 1 };

const silence: LintAnswer = { kind: 'findings', findings: [] };

/** The workspaces of this process. One process may lint several roots, and one root under several settings. */
export class Workspaces {
  readonly #entries = new Map<string, Entry>();
  readonly #roots = new Map<string, string>();
  readonly #freshness = new Map<string, Freshness>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  lint(rule: Rule, linted: LintedFile): LintAnswer {
    const root = this.#rootOf(linted);
    const key = `${root}\0${keyOf(linted.override)}`;
    const question = `${rule.name}\0${linted.file}`;
    const freshness = this.#freshness.get(key) ?? new Freshness(this.now);
    this.#freshness.set(key, freshness);
    const howFar = freshness.ask(rule.name, linted.file, this.#reachOf(key));
    try {
      if (howFar) this.#refresh(key, root, linted, question, howFar);
      return this.#answer(key, question, rule, linted, freshness.pause);
    } finally {
      freshness.answered();
    }
  }

  #reachOf(key: string): Reach {
    const entry = this.#entries.get(key);
    return entry?.kind === 'ready' ? entry.workspace.reach : settingsAlone;
  }

  #answer(key: string, question: string, rule: Rule, { file, text }: LintedFile, pause: number): LintAnswer {
    const entry = this.#entries.get(key);
    if (!entry) return silence;
    if (entry.kind === 'broken') {
      const { speaker } = entry;
      const isNext = speaker.question !== question && (isGone(speaker, file) || (speaker.silenced.has(question) && pause > workPause));
      if (isNext) this.#entries.set(key, { ...entry, speaker: { question, file, silenced: new Set() } });
      else if (speaker.question === question) speaker.silenced.clear();
      else speaker.silenced.add(question);
      return isNext || speaker.question === question
        ? { kind: 'problem', message: entry.problems.map(({ message }) => message).join('\n') }
        : silence;
    }
    entry.workspace.open(file, text);
    return { kind: 'findings', findings: entry.workspace.findingsIn(file, rule) };
  }

  #refresh(key: string, root: string, { file, override }: LintedFile, question: string, howFar: HowFar): void {
    this.#roots.clear();
    const entry = this.#entries.get(key);
    const result = readSettings(root, override);
    const settingsKey = JSON.stringify(result);
    if (entry?.settingsKey === settingsKey) {
      if (entry.kind === 'ready') entry.workspace.refresh(howFar);
    } else if (result.ok) this.#entries.set(key, { kind: 'ready', settingsKey, workspace: new Workspace(root, result.settings) });
    else
      this.#entries.set(key, { kind: 'broken', settingsKey, problems: result.problems, speaker: { question, file, silenced: new Set() } });
  }

  #rootOf({ file, cwd }: LintedFile): string {
    const folder = posix.dirname(file);
    const root = this.#roots.get(folder) ?? findRoot(file, cwd, settingsFileName);
    this.#roots.set(folder, root);
    return root;
  }
}

export const workspaces = new Workspaces();

function isGone(speaker: Speaker, file: string): boolean {
  return speaker.file !== file && !existsSync(speaker.file);
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
