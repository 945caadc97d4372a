import { contentIdOf } from './content-id.js';
import { digestOf, type TextQuestion } from './text-questions.js';

/** The questions that an analysis asked one text, in order, and digests of the answers. */
export interface TextFacts {
  readonly questions: readonly TextQuestion[];
  readonly answers: readonly string[];
}

/** Like `TextFacts`, while questions are asked. */
interface GrowingFacts {
  readonly questions: TextQuestion[];
  readonly answers: string[];
}

/**
 * Everything that an analysis has read from the disk beside the list of files. An answer holds as long as each of these is the same.
 * The document store and the project fill it; the answer cache compares it.
 */
export class ReadRecord {
  /** Content ids by absolute path, as last read; undefined for a file that could not be read. */
  readonly files = new Map<string, string | undefined>();
  /** The files whose text was read as a whole: each of its characters may count. Other files of `files` were only asked questions. */
  readonly whole = new Set<string>();
  /** Whether paths existed that were looked for, by absolute path. */
  readonly existence = new Map<string, boolean>();
  /** The names that files were looked for by: a base name, or a pattern of it. */
  readonly names = new Map<string, string | RegExp>();
  readonly #facts = new Map<string, GrowingFacts>();
  /** Equal questions as one object. */
  readonly #questions = new Map<string, TextQuestion>();
  readonly #known = new WeakMap<TextQuestion, TextQuestion>();

  /** `bytes` is undefined if the file could not be read. */
  addFile(file: string, bytes: Uint8Array | undefined): void {
    this.files.set(file, bytes && contentIdOf(bytes));
  }

  /** The text of the file was read as a whole. */
  addWhole(file: string): void {
    this.whole.add(file);
  }

  /** The file was asked a question. Only the first answer is stored, until `update`. */
  addAnswer(file: string, question: TextQuestion, answer: string): void {
    this.#addDigest(file, question, () => digestOf(answer));
  }

  /** Returns what is known of a file that was not read as a whole; undefined if it was asked nothing. */
  factsOf(file: string): TextFacts | undefined {
    return this.#facts.get(file);
  }

  /** Whether another text of the file can change what was read: it was read as a whole, or an answer is another one. */
  isAffected(file: string, answer: (question: TextQuestion) => string): boolean {
    if (this.whole.has(file)) return true;
    const { questions = [], answers = [] } = this.#facts.get(file) ?? {};
    return questions.some((question, index) => digestOf(answer(question)) !== answers[index]);
  }

  /** Stores the answers of a text that changed. Returns whether this can change what was read. */
  update(file: string, answer: (question: TextQuestion) => string): boolean {
    if (!this.isAffected(file, answer)) return false;
    const facts = this.#facts.get(file);
    if (facts) this.#facts.set(file, { ...facts, answers: facts.questions.map((question) => digestOf(answer(question))) });
    return true;
  }

  /** Drops the facts of a file that does not exist any more. */
  forget(file: string): void {
    this.#facts.delete(file);
  }

  /** Adds facts that another process found. */
  addFacts(file: string, { questions, answers }: TextFacts): void {
    for (const [index, question] of questions.entries()) this.#addDigest(file, question, () => answers[index] ?? '');
  }

  /** Returns a record of both. Where they differ, `newer` counts. */
  joined(newer: ReadRecord): ReadRecord {
    const record = new ReadRecord();
    for (const { files, existence, names, whole } of [this, newer]) {
      for (const [file, id] of files) record.files.set(file, id);
      for (const file of whole) record.whole.add(file);
      for (const [path, exists] of existence) record.existence.set(path, exists);
      for (const [key, name] of names) record.names.set(key, name);
    }
    for (const from of [newer, this]) for (const [file, facts] of from.#facts) record.addFacts(file, facts);
    return record;
  }

  addExistence(path: string, exists: boolean): void {
    this.existence.set(path, exists);
  }

  addName(name: string | RegExp): void {
    this.names.set(String(name), name);
  }

  #addDigest(file: string, question: TextQuestion, digest: () => string): void {
    if (this.whole.has(file)) return;
    const known = this.#same(question);
    const facts: GrowingFacts = this.#facts.get(file) ?? { questions: [], answers: [] };
    if (facts.questions.includes(known)) return;
    facts.questions.push(known);
    facts.answers.push(digest());
    this.#facts.set(file, facts);
  }

  /** Returns the object that stands for all equal questions. */
  #same(question: TextQuestion): TextQuestion {
    const known = this.#known.get(question);
    if (known) return known;
    const key = JSON.stringify(question);
    const same = this.#questions.get(key) ?? question;
    this.#questions.set(key, same);
    this.#known.set(question, same);
    return same;
  }
}
