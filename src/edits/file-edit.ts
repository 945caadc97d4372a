/** A file that a command creates or changes. */
export interface FileEdit {
  /** Path relative to the root, with forward slashes. */
  readonly file: string;
  /** The text on disk. Unset if the file does not exist. */
  readonly before?: string;
  /** The text to write. */
  readonly after: string;
}

/** The result for one file: a new text, no change, or lines that the user adds by hand. */
export type EditOutcome =
  | { readonly kind: 'edit'; readonly edit: FileEdit }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'manual'; readonly step: ManualStep };

/** A change that init does not make by itself, because it cannot prove that the result is right. */
export interface ManualStep {
  /** The file, or the place if there is no file. */
  readonly where: string;
  /** Why init does not change it. A sentence. */
  readonly reason: string;
  /** The exact lines to add. */
  readonly lines: readonly string[];
}

/** Returns the edit, or `unchanged` if the texts are the same. */
export function editOf(file: string, before: string | undefined, after: string): EditOutcome {
  return before === after ? { kind: 'unchanged' } : { kind: 'edit', edit: { file, after, ...(before === undefined ? {} : { before }) } };
}

/** The line break of a text. */
export function lineBreakOf(text: string): '\r\n' | '\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
