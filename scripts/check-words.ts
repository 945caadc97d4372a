import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './rule-files.js';
import { type RetiredWord, retiredWords } from './retired-words.js';

/** A retired word in a file. */
export interface Misuse {
  readonly file: string;
  readonly line: number;
  readonly word: RetiredWord;
  readonly text: string;
}

/** Files that list the words, or whose text is not ours. */
const excluded =
  /^(?:scripts\/retired-words\.ts|CONTRIBUTING\.md|LICENSE|runtime\/THIRD-PARTY\.md|src\/report\/html\/script\/main\.ts|package-lock\.json|test\/scripts\/)/;

/** Finds the retired words in one text. */
export function findRetiredWords(file: string, text: string): Misuse[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      retiredWords
        .filter(({ pattern }) => pattern.test(line))
        .map((word) => ({ file, line: index + 1, word, text: line.trim().slice(0, 120) })),
    );
}

/** Finds the retired words in every text file that git tracks or would add. */
export function checkWords(): Misuse[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: repository, encoding: 'utf8' });
  return [...new Set(listed.split('\n'))]
    .filter((file) => /\.(?:[cm]?[jt]s|md|ya?ml|json)$/.test(file) && !excluded.test(file))
    .flatMap((file) => findRetiredWords(file, readIfPresent(file)));
}

/** A file that was deleted and not yet staged is still listed. */
function readIfPresent(file: string): string {
  try {
    return readFileSync(join(repository, file), 'utf8');
  } catch {
    return '';
  }
}
