import { describe, expect, it } from 'vitest';
import { checkWords, findRetiredWords } from '../../scripts/check-words.js';
import { retiredWords } from '../../scripts/retired-words.js';

describe('the check of retired words', () => {
  it('finds none in this repository', () => {
    expect(checkWords().map(({ file, line, word }) => `${file}:${line} ${word.word}`)).toEqual([]);
  });

  it.each([
    ['a comment', '// Whoever waits is granted.', ['who, whoever, whom']],
    ['an identifier', 'const importCircles = 1;', ['circle']],
    ['a plural', 'Two monsters.', ['monster']],
    ['two words in one line', 'nobody hears of it', ['somebody, nobody, anybody, everybody', 'hears of, is told of']],
    ['words that only contain one', 'subroutine, whole, circled', []],
  ])('finds %s', (_, text, words) => {
    expect(findRetiredWords('file.ts', text).map(({ word }) => word.word)).toEqual(words);
  });

  it('names the line', () => {
    expect(findRetiredWords('file.ts', 'fine\nhis').map(({ line }) => line)).toEqual([2]);
  });

  it.each(retiredWords)('says what to write instead of: $word', ({ instead }) => {
    expect(findRetiredWords('instead', instead)).toEqual([]);
  });
});
