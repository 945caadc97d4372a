import { stripVTControlCharacters } from 'node:util';

/**
 * Returns the text in lines of at most `width` columns, broken between words. A longer word gets a line of its own. `indent` precedes the
 * first line, `hanging` all others.
 */
export function wrap(text: string, width: number, indent: string, hanging = indent): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    const available = width - (lines.length === 0 ? indent : hanging).length;
    if (line === '' || stripVTControlCharacters(next).length <= available) line = next;
    else {
      lines.push(line.trimEnd());
      line = word;
    }
  }
  return [...lines, line].map((content, index) => (index === 0 ? indent : hanging) + content).join('\n');
}
