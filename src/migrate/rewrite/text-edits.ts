/** A replacement of a range of a text. An insertion has an empty range. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits whose ranges do not overlap. Insertions at one offset keep their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let offset = 0;
  for (const { start, end, text: replacement } of sorted) {
    result += text.slice(offset, start) + replacement;
    offset = end;
  }
  return result + text.slice(offset);
}

/** Returns where an offset of the text is after the edits, which do not touch the code there. */
export function movedOffset(offset: number, edits: readonly TextEdit[]): number {
  return edits.reduce((moved, { start, end, text }) => (end <= offset ? moved + text.length - (end - start) : moved), offset);
}
