import { stripVTControlCharacters } from 'node:util';

/** Breaks prose between words. A word that is longer than a line gets a line of its own, whole. */
export function wrap(text: string, width: number, indent: string, hanging = indent): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    const room = width - (lines.length === 0 ? indent : hanging).length;
    if (line === '' || stripVTControlCharacters(next).length <= room) line = next;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((content, index) => (index === 0 ? indent : hanging) + content).join('\n');
}
