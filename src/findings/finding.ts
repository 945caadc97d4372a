/** A stretch of one file. Offsets are UTF-16 units of the text without BOM, as in ESLint, oxlint and ts-morph. */
export interface Span {
  /** Absolute path with forward slashes. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** One step of a call path: who calls, and where. */
export interface PathStep {
  /** The function as a reader would name it: `getClickHouseClient`, `ConnectionManager.acquire`. */
  readonly name: string;
  readonly span: Span;
}

export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Suggestion {
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly TextEdit[];
}

/** What a rule has to say about one place. It holds positions and words, never nodes, so it outlives every edit. */
export interface Finding {
  readonly span: Span;
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  /** The story behind the finding, first hop first, when a call path is what is wrong. */
  readonly path?: readonly PathStep[];
  /** Edits in the finding's own file that may be applied unseen. */
  readonly fix?: readonly TextEdit[];
  /** Edits in the finding's own file that a person should look at first. */
  readonly suggestions?: readonly Suggestion[];
}
