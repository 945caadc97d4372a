import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { read } from '../../scripts/generated.js';
import { median, sentenceLengths, sentencesOf } from '../../scripts/sentences.js';
import { repository } from '../places.js';

const listed = execFileSync('git', ['ls-files', '--', 'README.md', '*/README.md', 'docs/*.md', 'CONTRIBUTING.md', 'SECURITY.md'], {
  cwd: repository,
  encoding: 'utf8',
});
const documents = listed.split('\n').filter((file) => file !== '' && !file.startsWith('fixtures/'));

describe('the sentences of a document', () => {
  it.each(documents)('%s: half of them have fewer than 18 words, and none has more than 40', (file) => {
    const lengths = sentenceLengths(read(file));
    expect(median(lengths)).toBeLessThan(18);
    expect(sentencesOf(read(file)).filter((sentence) => sentence.split(' ').length > 40)).toEqual([]);
  });

  it('are counted without code, tables and headings', () => {
    const text = '# A heading\n\nOne two three. Four `five six`\nseven.\n\n| a | b |\n\n```js\ncode here\n```\n\n- An item.';
    expect(sentencesOf(text)).toEqual(['One two three.', 'Four code seven.', 'An item.']);
    expect(sentenceLengths(text)).toEqual([2, 3, 3]);
  });
});
