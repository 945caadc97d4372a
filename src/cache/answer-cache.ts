import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { ReadRecord } from '../project/read-record.js';
import type { Trace } from '../trace/trace.js';
import { type CachePlace, cacheFolder } from './cache-location.js';
import { EntryStore } from './entry-store.js';
import { Snapshot } from './snapshot.js';

/** A question whose answer is kept: all that decides about the answer beside the disk. */
export interface Question {
  /** Absolute path of the root, with forward slashes. Answers contain it. */
  readonly root: string;
  /** Identity of the program that answers, with its version. */
  readonly tool: string;
  /** Kind of answer, settings and options, as text. */
  readonly text: string;
}

/** An answer as it is kept, with what it was read from beside the source files and manifests. */
interface Entry {
  readonly question: Question;
  /** Files with their content ids; null for a file that could not be read. */
  readonly files: readonly (readonly [file: string, id: string | null])[];
  /** Paths that were looked for, and whether they existed. */
  readonly existence: readonly (readonly [path: string, exists: boolean])[];
  /** Names or patterns that files were looked for by, with the paths that were found. */
  readonly names: readonly (readonly [source: string, flags: string | null, found: string])[];
  readonly answer: unknown;
}

/**
 * Answers on disk. An answer holds for one question and one state of the disk: the same source files and manifests with the same contents,
 * and the same of all else that was read. `find` and `keep` never throw.
 */
export class AnswerCache {
  readonly #store: EntryStore;

  private constructor(
    folder: string,
    private readonly trace: Trace,
  ) {
    this.#store = new EntryStore(folder, trace);
  }

  /** Returns the cache of a root; undefined if the user turned it off or if there is no folder for it. */
  static open(root: string, place: CachePlace, trace: Trace): AnswerCache | undefined {
    const folder = cacheFolder(root, place);
    if (folder !== undefined) return new AnswerCache(folder, trace);
    trace.fact(() =>
      place.kind === 'off' ? `cache: off, because ${place.reason}` : `cache: none, because no package.json is above ${root}`,
    );
    return undefined;
  }

  /**
   * Returns the answer for the files of the snapshot; undefined if none is kept or if it does not hold any more. `record` receives what the
   * answer was read from beside the source files and manifests.
   */
  find<Answer>(
    question: Question,
    snapshot: Snapshot,
    isAnswer: (value: unknown) => value is Answer,
    record?: ReadRecord,
  ): Answer | undefined {
    const prefix = prefixOf(question);
    const text = this.#store.read(`${prefix}-${shortened(snapshot.state)}.answer`);
    if (text === undefined) {
      this.trace.fact(() => `cache: miss, ${this.#whyMissing(prefix)}`);
      return undefined;
    }
    const entry = parseEntry(text);
    const difference = entry ? differenceOf(entry, snapshot) : 'the answer has another form';
    if (difference === undefined && entry && isAnswer(entry.answer) && isSameQuestion(entry.question, question)) {
      this.trace.fact(() => `cache: hit, ${prefix}-${shortened(snapshot.state)} for ${question.root}`);
      if (record) restore(entry, record);
      return entry.answer;
    }
    this.trace.fact(() => `cache: miss, ${difference ?? 'the answer has another form'}`);
    return undefined;
  }

  /** Keeps an answer that was read as `record` says, unless a file has changed since the snapshot. */
  keep(question: Question, snapshot: Snapshot, record: ReadRecord, answer: unknown): void {
    for (const [file, id] of record.files)
      if (!snapshot.agreesWith(file, id)) {
        this.trace.fact(() => `cache: nothing kept, because ${file} changed during the analysis`);
        return;
      }
    const isInState = (file: string): boolean => snapshot.files.has(posix.relative(snapshot.root, file));
    const entry: Entry = {
      question,
      files: [...record.files].flatMap(([file, id]) => (isInState(file) ? [] : [[file, id ?? null] as const])),
      existence: [...record.existence],
      names: [...record.names.values()].map((name) => {
        const [source, flags] = typeof name === 'string' ? [name, null] : [name.source, name.flags];
        return [source, flags, foundBy(source, flags, snapshot)] as const;
      }),
      answer,
    };
    const name = `${prefixOf(question)}-${shortened(snapshot.state)}`;
    this.#store.write(`${name}.answer`, JSON.stringify(entry));
    this.trace.fact(() => `cache: kept ${name} for ${question.root}`);
  }

  #whyMissing(prefix: string): string {
    const others = this.#store.namesWith(`${prefix}-`);
    return others.length === 0
      ? 'no answer of this version with these settings and options'
      : 'source files, manifests or tsconfigs were added, removed or changed';
  }
}

function restore({ files, existence, names }: Entry, record: ReadRecord): void {
  for (const [file, id] of files) record.files.set(file, id ?? undefined);
  for (const [path, exists] of existence) record.addExistence(path, exists);
  for (const [source, flags] of names) record.addName(flags === null ? source : new RegExp(source, flags));
}

/** Returns what is not as when the entry was kept; undefined if nothing is. */
function differenceOf({ files, existence, names }: Entry, snapshot: Snapshot): string | undefined {
  const file = files.find(([path, id]) => (snapshot.contentId(path) ?? null) !== id);
  if (file) return `${file[0]} changed`;
  const path = existence.find(([path, exists]) => existsSync(path) !== exists);
  if (path) return `${path[0]} was created or removed`;
  const name = names.find(([source, flags, found]) => foundBy(source, flags, snapshot) !== found);
  return name && `files that match ${name[0]} were created or removed`;
}

/** Returns an id of the listed files whose base name is `source`, or matches it if there are flags. */
function foundBy(source: string, flags: string | null, { listing }: Snapshot): string {
  const pattern = flags === null ? undefined : new RegExp(source, flags);
  const found = listing.paths.filter((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return pattern ? pattern.test(name) : name === source;
  });
  return hashOf(found.sort());
}

function prefixOf({ root, tool, text }: Question): string {
  return shortened(hashOf([root, tool, text]));
}

function isSameQuestion(a: Question, b: Question): boolean {
  return a.root === b.root && a.tool === b.tool && a.text === b.text;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function shortened(hash: string): string {
  return hash.slice(0, 24);
}

/** The checksum has proven that this program wrote the text. */
function parseEntry(text: string): Entry | undefined {
  const value: unknown = JSON.parse(text);
  return isEntry(value) ? value : undefined;
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'question' in value &&
    'files' in value &&
    'existence' in value &&
    'names' in value &&
    'answer' in value
  );
}
