import { checkImports } from './check-imports.js';
import { checkPortable } from './check-portable.js';
import { checkWords } from './check-words.js';

const problems = [
  ...checkImports(),
  ...checkPortable(),
  ...checkWords().map(
    ({ file, line, word, text }) => `${file}:${line}: found a retired word (${word.word}), expected: ${word.instead}.\n    ${text}`,
  ),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
