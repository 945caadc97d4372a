import { DocumentStore } from './document-store.js';
import { ReadRecord } from './read-record.js';
import { analysedText, answerFrom, type TextQuestion } from './text-questions.js';

/** The part of a text that is analysed, with the whole text that it was made from. */
interface AnalysedText {
  readonly whole: string;
  readonly text: string | undefined;
}

/** The change of a text since it was last read: none, of the text alone, or also of a fact that the analysis read from it. */
export type TextChange = 'none' | 'text' | 'facts';

/**
 * The texts of a project as the analysis reads them: as a whole, or by a question. The record receives which of both. So an edit that
 * changes no answer leaves the results of the analysis as they are.
 */
export class SourceTexts {
  readonly #documents: DocumentStore;
  readonly #analysed = new Map<string, AnalysedText>();

  /** `record` receives each read of the disk, `facts` what was read of each text. Default: nothing receives the reads of the disk. */
  constructor(
    record?: ReadRecord,
    private readonly facts: ReadRecord = record ?? new ReadRecord(),
  ) {
    this.#documents = new DocumentStore(record);
  }

  /** Returns the text of any file as it is; undefined if it cannot be read. */
  read(file: string): string | undefined {
    this.facts.addWhole(file);
    return this.#documents.read(file);
  }

  /** Returns the part of a source file that is analysed; undefined if the file cannot be read or is generated. */
  analysed(file: string): string | undefined {
    this.facts.addWhole(file);
    return this.#analysedPart(file);
  }

  /** Returns the answer of a source file to a question: empty for "no". */
  ask(file: string, question: TextQuestion): string {
    const answer = this.#answer(file, question);
    this.facts.addAnswer(file, question, answer);
    return answer;
  }

  /** Whether a linter's text counts for some file. */
  get hasOpenTexts(): boolean {
    return this.#documents.hasOpenTexts;
  }

  /** Returns the files that a linter passed and that do not exist on disk. */
  unsaved(): string[] {
    return this.#documents.unsaved();
  }

  /** Stores a linter's text; it overrides the text on disk. */
  open(file: string, text: string): TextChange {
    return this.#compare(file, this.#documents.open(file, text));
  }

  /** Compares the file with the disk. */
  refresh(file: string): TextChange {
    return this.#compare(file, this.#documents.refresh(file));
  }

  /** Drops all that is known of a file. */
  forget(file: string): void {
    this.#documents.forget(file);
    this.#analysed.delete(file);
    this.facts.forget(file);
  }

  #compare(file: string, isNew: boolean): TextChange {
    if (!isNew) return 'none';
    return this.facts.update(file, (question) => this.#answer(file, question)) ? 'facts' : 'text';
  }

  #answer(file: string, question: TextQuestion): string {
    return answerFrom(question, file, this.#documents.read(file), () => this.#analysedPart(file));
  }

  #analysedPart(file: string): string | undefined {
    const whole = this.#documents.read(file);
    if (whole === undefined) return undefined;
    const known = this.#analysed.get(file);
    if (known?.whole === whole) return known.text;
    const text = analysedText(file, whole);
    this.#analysed.set(file, { whole, text });
    return text;
  }
}
