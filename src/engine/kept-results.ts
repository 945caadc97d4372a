import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { AnswerCache } from '../cache/answer-cache.js';
import type { Question } from '../cache/answer-entry.js';
import type { CachePlace } from '../cache/cache-location.js';
import { Snapshot } from '../cache/snapshot.js';
import type { Finding } from '../findings/finding.js';
import type { DiskAccess, Project, ProjectChange } from '../project/project.js';
import { ReadRecord } from '../project/read-record.js';
import { answerTo } from '../project/text-questions.js';
import type { Trace } from '../trace/trace.js';
import type { RefreshScope } from './refresh-policy.js';
import type { StaleSetting } from './stale-settings.js';
import { toolIdentity } from './tool-identity.js';

/** The results of rules over one root, as a process leaves them to later ones. */
export interface RuleAnswers {
  /** Findings by the name of the rule. A rule that did not run is left out. */
  readonly findings: Readonly<Record<string, readonly Finding[]>>;
  /** Unset if nothing asked for them. */
  readonly staleSettings?: readonly StaleSetting[] | undefined;
}

/** A file that changed less than this before its stamp was taken, in milliseconds, can change again and keep the stamp. */
const racyMs = 2_000;

/**
 * The results that an earlier process left for one root under one set of settings, for as long as they hold; and the way to leave results.
 * `ProjectAnalysis` asks it before it builds the model.
 */
export class KeptResults {
  readonly #record = new ReadRecord();
  /** The reads of the results that are still current. */
  #inherited = new ReadRecord();
  #snapshot: Snapshot;
  #answers: RuleAnswers | undefined;
  /** Stamps of the files and folders of each scope, taken before they were last found to be current. */
  readonly #stamps = new Map<RefreshScope, string>();
  /** Whether the project may differ from the snapshot. */
  #hasChanged = false;

  private constructor(
    private readonly cache: AnswerCache,
    private readonly question: Question,
  ) {
    this.#snapshot = new Snapshot(question.root);
    this.#answers = cache.find(question, this.#snapshot, isRuleAnswers, this.#inherited);
  }

  /** Returns undefined if there is no cache. `settings` is the text of the settings: equal texts mean equal settings. */
  static open(root: string, settings: string, place: CachePlace, trace: Trace): KeptResults | undefined {
    const cache = AnswerCache.open(root, place, trace);
    return cache && new KeptResults(cache, { root, tool: toolIdentity(), text: JSON.stringify(['lint', settings]) });
  }

  /** The listing of the snapshot, and the record of what is read from now on. */
  get disk(): DiskAccess {
    return { listing: this.#snapshot.listing, record: this.#record };
  }

  /** The results that hold; undefined if there are none, or none any more. */
  get answers(): RuleAnswers | undefined {
    return this.#answers;
  }

  /** Takes note that a linter passed a text, and of the change that this was to the project. Most edits leave the results as they are. */
  noteText(file: string, text: string, { files, resolutionChanged }: ProjectChange): void {
    const isKnown = files.size === 0 && (!this.#record.files.has(file) || this.#snapshot.agreesWith(file, this.#record.files.get(file)));
    if (isKnown) return;
    this.#hasChanged = true;
    if (resolutionChanged || this.#inherited.isAffected(file, (question) => answerTo(question, file, text))) this.drop();
  }

  /** The results do not hold any more: the project has changed. */
  drop(): void {
    this.#answers = undefined;
    this.#hasChanged = true;
  }

  /** The number of files that the scope `slice` compares. */
  get sliceSize(): number {
    return this.#inherited.whole.size;
  }

  /**
   * Compares the disk with the results: whether they hold, and whether something else changed. The scope `slice` consists of the files whose
   * whole text was read.
   */
  compare(scope: RefreshScope): 'gone' | 'unchanged' | 'changed' {
    if (!this.#answers) return 'gone';
    const { root, files } = this.#snapshot;
    const compared = scope === 'all' ? files.keys() : [...this.#inherited.whole].map((file) => posix.relative(root, file));
    const { stamps, isRacy } = stampsOf(this.#snapshot, [...compared]);
    if (stamps === this.#stamps.get(scope)) return 'unchanged';
    const before = this.#snapshot.state;
    const holds = this.#look();
    const isSame = this.#snapshot.state === before;
    if (!isSame) this.#stamps.clear();
    if (!isRacy) this.#stamps.set(scope, stamps);
    if (!holds) return 'gone';
    return isSame ? 'unchanged' : 'changed';
  }

  /** Reads the state of the disk again, and the results that hold for it. Returns whether there are some. */
  #look(): boolean {
    this.#snapshot = new Snapshot(this.question.root);
    this.#inherited = new ReadRecord();
    this.#answers = this.#answers && this.cache.find(this.question, this.#snapshot, isRuleAnswers, this.#inherited);
    if (!this.#answers) this.drop();
    return this.#answers !== undefined;
  }

  /** Whether `keep` needs a new look at the disk, which takes too long between two edits. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** Leaves results of the project to later processes, beside those that hold already. Nothing is left unless they are those of the disk. */
  keep(results: RuleAnswers, project: Project): void {
    if (project.hasOpenTexts) return;
    if (this.#hasChanged) this.#look();
    const snapshot = this.#snapshot;
    if (!project.isListedAs(snapshot.listing)) return;
    const answers: RuleAnswers = {
      findings: { ...this.#answers?.findings, ...results.findings },
      staleSettings: results.staleSettings ?? this.#answers?.staleSettings,
    };
    const record = this.#answers ? this.#inherited.joined(this.#record) : this.#record;
    this.cache.keep(this.question, snapshot, record, answers);
  }
}

/** Returns the stamps of files and of all folders of a snapshot, and whether one of them is too new to be trusted. */
function stampsOf({ root, files }: Snapshot, paths: readonly string[]): { readonly stamps: string; readonly isRacy: boolean } {
  const newest = Date.now() - racyMs;
  const folders = new Set(['.', ...[...files.keys()].map((path) => posix.dirname(path))]);
  let isRacy = false;
  const stamps = [...folders, ...paths].map((path) => {
    const stats = statSync(posix.join(root, path), { throwIfNoEntry: false });
    if (stats === undefined) return '';
    if (stats.ctimeMs > newest || stats.mtimeMs > newest) isRacy = true;
    return `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size}`;
  });
  return { stamps: stamps.join('\n'), isRacy };
}

function isRuleAnswers(value: unknown): value is RuleAnswers {
  return typeof value === 'object' && value !== null && 'findings' in value && typeof value.findings === 'object';
}
