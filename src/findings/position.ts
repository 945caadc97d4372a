/** 1-based line and column, in UTF-16 units, of an offset. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (const { index, 0: lineBreak } of text.slice(0, offset).matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    line++;
    lineStart = index + lineBreak.length;
  }
  return { line, column: offset - lineStart + 1 };
}
