import { isUtf8 } from 'node:buffer';

/** The content of a file of SQL: its text, or what was found instead. */
export type SqlContent = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'invalid'; readonly found: string };

/**
 * Decodes a file of SQL, which must be UTF-8. A lenient decoder would replace other bytes, and the engine would get another text. A NUL
 * character is a sign of UTF-16 without a mark.
 */
export function decodeSql(bytes: Buffer): SqlContent {
  const mark = bytes.toString('hex', 0, 2);
  if (mark === 'fffe' || mark === 'feff') return { kind: 'invalid', found: 'a file in UTF-16' };
  if (!isUtf8(bytes)) return { kind: 'invalid', found: `bytes in line ${lineOf(bytes, (line) => !isUtf8(line))} that are not UTF-8` };
  if (bytes.includes(0)) return { kind: 'invalid', found: `a NUL character in line ${lineOf(bytes, (line) => line.includes(0))}` };
  return { kind: 'text', text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
}

/** Returns the number of the first line with a fault, from 1 on. */
function lineOf(bytes: Buffer, hasFault: (line: Buffer) => boolean): number {
  // In Latin-1, each byte is one character.
  const lines = bytes.toString('latin1').split('\n');
  return lines.findIndex((line) => hasFault(Buffer.from(line, 'latin1'))) + 1;
}
