import { existsSync } from 'node:fs';

/** After a pause of this many milliseconds before a repeated query, a user edits the file: no fix pass takes that long. */
const editPauseMs = 500;

/**
 * Decides which query reports invalid settings: only one (rule, file) pair of a run, so that a run has one such finding.
 * `ProjectAnalyses` asks it at each query while the settings are invalid.
 */
export class SettingsReporter {
  #queryKey: string;
  #file: string;
  /** Queries that were suppressed since the reporting pair was last queried. */
  readonly #suppressed = new Set<string>();

  /** The first query reports. `queryKey` identifies its (rule, file) pair. */
  constructor(queryKey: string, file: string) {
    this.#queryKey = queryKey;
    this.#file = file;
  }

  /**
   * Whether this query reports. Another pair takes over if the reporting file is deleted, or if the pair is queried again after a pause of
   * `pauseMs` milliseconds that only an edit explains, without a query of the reporting pair in between.
   */
  shouldReport(queryKey: string, file: string, pauseMs: number): boolean {
    if (queryKey === this.#queryKey) {
      this.#suppressed.clear();
      return true;
    }
    const takesOver = this.#isDeletedFor(file) || (this.#suppressed.has(queryKey) && pauseMs > editPauseMs);
    if (!takesOver) {
      this.#suppressed.add(queryKey);
      return false;
    }
    this.#queryKey = queryKey;
    this.#file = file;
    this.#suppressed.clear();
    return true;
  }

  #isDeletedFor(file: string): boolean {
    return this.#file !== file && !existsSync(this.#file);
  }
}
