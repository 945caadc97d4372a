import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../rules/index.js';
import { ProjectAnalyses } from '../src/engine/project-analyses.js';
import { median, percentile } from './measure.js';

/** Measures the time of all rules after a keystroke. Run by `bench/run.js` with the arguments root, file of the slice, unrelated file. */

const [root = '.', slice = '', unrelated = ''] = process.argv.slice(2);
const analyses = new ProjectAnalyses();

/** Lints one text by every rule, as an editor does after a keystroke. Returns the milliseconds. @param {string} file @param {string} text */
function lint(file, text) {
  const started = performance.now();
  for (const rule of Object.values(rules)) analyses.lint(rule, { file: join(root, file), cwd: root, text, override: undefined });
  return performance.now() - started;
}

/** Returns the milliseconds of 50 edits; 10 earlier edits warm up the process. @param {string} file */
function edit(file) {
  const text = readFileSync(join(root, file), 'utf8');
  return Array.from({ length: 60 }, (_, count) => lint(file, `${text}\nexport const edited${count} = ${count};\n`)).slice(10);
}

const cold = lint(slice, readFileSync(join(root, slice), 'utf8'));
for (const [name, file] of [
  ['a file of the slice', slice],
  ['an unrelated file', unrelated],
]) {
  const times = edit(file ?? '');
  console.log(`edit of ${name ?? ''}: p50 ${median(times).toFixed(2)} ms, p95 ${percentile(times, 0.95).toFixed(2)} ms`);
}
console.log(`first lint of the process: ${cold.toFixed(0)} ms`);
