/** A 1-based line and column; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Returns the position of an offset. Line breaks are those of ECMAScript, as linters count them. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (const { index, 0: lineBreak } of text.slice(0, offset).matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    line++;
    lineStart = index + lineBreak.length;
  }
  return { line, column: offset - lineStart + 1 };
}
