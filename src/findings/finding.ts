/** A range of one file. Offsets count UTF-16 units of the text without byte order mark, as in ESLint, oxlint and ts-morph. */
export interface Span {
  /** Absolute path with forward slashes. */
  readonly file: string;
  /** Offset of the first character. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
}

/** One step of a call path: the caller and the call site. */
export interface PathStep {
  /** The calling function, as in `getClickHouseClient` or `ConnectionManager.acquire`; of an import path the module with its roles. */
  readonly name: string;
  /** The call or the import. */
  readonly span: Span;
}

/** What the analysis knows of a condition that decides about a path, for `explain`. */
export interface GuardNote {
  /** A sentence. */
  readonly text: string;
  /** The condition, or the code that was not understood. Unset if the sentence is about no single place. */
  readonly span?: Span;
}

/** Replaces the text between two offsets of the finding's file. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A repair that the user applies by hand in an editor. */
export interface Suggestion {
  readonly messageId: string;
  /** Values for the placeholders of the message. */
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly TextEdit[];
}

/** A problem at one place, as plain data. It holds positions and text but no syntax nodes, so it stays valid after an edit. */
export interface Finding {
  readonly span: Span;
  readonly messageId: string;
  /** Values for the placeholders of the message. */
  readonly data?: Readonly<Record<string, string>>;
  /** Of several findings with the same cause, only the first that the user does not permit is reported. Unset for most findings. */
  readonly cause?: string;
  /** `test`: the finding is in a test. Only the preset `strict` reports it. Unset for all other code. */
  readonly scope?: 'test';
  /** A sentence of the engine that follows the first line of the message. Unset for most findings. */
  readonly note?: string;
  /** The path behind the finding, first step first. Unset if the finding has none. */
  readonly path?: readonly PathStep[];
  /** The conditions that decide whether the path runs. Unset if the rule asks for no condition. */
  readonly guards?: readonly GuardNote[];
  /** Edits in the finding's own file that are safe to apply without review. */
  readonly fix?: readonly TextEdit[];
  /** Edits in the finding's own file that need a review. */
  readonly suggestions?: readonly Suggestion[];
}

/** Returns the text of a finding: the template with its placeholders filled, and the note behind its first line. The lines of a path follow. */
export function messageOf({ data = {}, note }: Finding, template: string): string {
  const message = template.replace(/\{\{\s*(\w+)\s*\}\}/g, (placeholder, key: string) => data[key] ?? placeholder);
  if (note === undefined) return message;
  const [headline = '', ...path] = message.split('\n');
  return [`${headline} ${note}`, ...path].join('\n');
}
