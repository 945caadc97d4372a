import { createHash } from 'node:crypto';
import type { ReadRecord } from '../project/read-record.js';
import type { Trace } from '../trace/trace.js';
import { type AnswerEntry, compare, entryOf, parseEntry, type Question, restore } from './answer-entry.js';
import { type CachePlace, cacheFolder } from './cache-location.js';
import { EntryStore } from './entry-store.js';
import type { Snapshot } from './snapshot.js';

/** Number of answers of one question that are kept, for example one for each branch that a user works on. */
const answersPerQuestion = 8;

/** If more files than this changed without effect, the answer is kept for their present content: the next process need not read them. */
const renewAfter = 32;

/**
 * Answers on disk. An answer holds for one question, for the contents of the files whose text was analysed, and for the facts that were read
 * from all other files. `find` and `keep` never throw.
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

  /** The folder beside the answers for the compiled code of the tool; undefined if it cannot be made. */
  get codeFolder(): string | undefined {
    return this.#store.subfolder('code');
  }

  /**
   * Returns the answer for the files of the snapshot; undefined if none is kept or if none holds any more. `record` receives what the
   * answer was read from.
   */
  find<Answer>(
    question: Question,
    snapshot: Snapshot,
    isAnswer: (value: unknown) => value is Answer,
    record?: ReadRecord,
  ): Answer | undefined {
    let reason = 'no answer of this version with these settings and options';
    for (const [index, name] of this.#candidates(question, snapshot).entries()) {
      const entry = this.#read(name, question);
      const answer = entry?.answer;
      if (!entry || !isAnswer(answer)) continue;
      const comparison = compare(entry, snapshot);
      if (!comparison.holds) {
        if (index === 0) reason = comparison.difference;
        continue;
      }
      const { changed } = comparison;
      this.trace.fact(
        () => `cache: hit, ${name} for ${question.root}${changed > 0 ? `; files that changed without effect: ${changed}` : ''}`,
      );
      if (changed > renewAfter) this.#write(nameOf(question, snapshot), withIds(entry, snapshot));
      if (record) restore(entry, question.root, record);
      return answer;
    }
    this.trace.fact(() => `cache: miss, ${reason}`);
    return undefined;
  }

  /** Keeps an answer that was read as `record` says, unless a file has changed since the snapshot. */
  keep(question: Question, snapshot: Snapshot, record: ReadRecord, answer: unknown): void {
    for (const [file, id] of record.files)
      if (!snapshot.agreesWith(file, id)) {
        this.trace.fact(() => `cache: nothing kept, because ${file} changed during the analysis`);
        return;
      }
    const name = nameOf(question, snapshot);
    this.#write(name, entryOf(question, snapshot, record, answer));
    for (const old of this.#store.namesWith(`${prefixOf(question)}-`).slice(answersPerQuestion)) this.#store.remove(old);
    this.trace.fact(() => `cache: kept ${name} for ${question.root}`);
  }

  /** The names of the answers to a question: that for the same contents first, then the newest. */
  #candidates(question: Question, snapshot: Snapshot): string[] {
    const names = this.#store.namesWith(`${prefixOf(question)}-`);
    const same = nameOf(question, snapshot);
    return names.includes(same) ? [same, ...names.filter((name) => name !== same)] : names;
  }

  #read(name: string, question: Question): AnswerEntry | undefined {
    const text = this.#store.read(name);
    const entry = text === undefined ? undefined : parseEntry(text);
    return entry && isSameQuestion(entry.question, question) ? entry : undefined;
  }

  #write(name: string, entry: AnswerEntry): void {
    this.#store.write(name, JSON.stringify(entry));
  }
}

/** An entry that holds for the snapshot, with the content ids of the snapshot. */
function withIds(entry: AnswerEntry, { files }: Snapshot): AnswerEntry {
  return { ...entry, sources: entry.sources.map(([path, id, ...rest]) => [path, files.get(path) ?? id, ...rest]) };
}

function nameOf(question: Question, { state }: Snapshot): string {
  return `${prefixOf(question)}-${shortened(state)}.answer`;
}

function prefixOf({ root, tool, text }: Question): string {
  return shortened(
    createHash('sha256')
      .update(JSON.stringify([root, tool, text]))
      .digest('hex'),
  );
}

function isSameQuestion(a: Question, b: Question): boolean {
  return a.root === b.root && a.tool === b.tool && a.text === b.text;
}

function shortened(hash: string): string {
  return hash.slice(0, 24);
}
