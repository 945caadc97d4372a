import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../rules/index.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';

const [root = '', edits = '400', every = '100'] = process.argv.slice(2);
const analyses = new ProjectAnalyses();
const { gc } = globalThis;
if (!gc) throw new Error('found no garbage collector, expected the option --expose-gc: run this file with it');

function lint(file: string, text = readFileSync(join(root, file), 'utf8')): void {
  for (const rule of Object.values(rules)) analyses.lint(rule, { file: join(root, file), cwd: root, text, override: undefined });
}

function save(file: string, text: string): void {
  writeFileSync(join(root, file), text);
}

mkdirSync(join(root, 'src/unrelated'), { recursive: true });
for (let file = 0; file < 20; file++) save(`src/unrelated/part${file}.ts`, `export const part${file} = ${file};\n`);
const [health, reconnect] = ['src/health.ts', 'src/reconnect.ts'].map((file) => readFileSync(join(root, file), 'utf8'));

/** Edits of files inside and outside the slice. Each makes names and texts that did not exist before. */
const kinds: readonly ((edit: number) => void)[] = [
  (edit) => lint('src/health.ts', `${health ?? ''}\nexport const typed${edit} = ${edit};\n`),
  (edit) => {
    save('src/reconnect.ts', `${reconnect ?? ''}\nexport const saved${edit} = ${edit};\n`);
    lint('src/client.ts');
  },
  (edit) => {
    save(`src/unrelated/part${edit % 20}.ts`, `export const part = ${edit};\n`);
    lint(`src/unrelated/part${edit % 20}.ts`);
  },
  (edit) => {
    save(
      `src/caller${edit}.ts`,
      `import { getClient } from './client.js';\nexport const caller${edit} = () => getClient({ bypassManager: true });\n`,
    );
    lint(`src/caller${edit}.ts`);
    rmSync(join(root, `src/caller${edit}.ts`));
    lint('src/manager.ts');
  },
  (edit) => {
    save(`src/unrelated/new${edit}.ts`, `export const created = ${edit};\n`);
    lint(`src/unrelated/new${edit}.ts`);
    rmSync(join(root, `src/unrelated/new${edit}.ts`));
    lint('src/client.ts');
  },
];

const heap: number[] = [];
for (let edit = 1; edit <= Number(edits); edit++) {
  kinds[edit % kinds.length]?.(edit);
  if (edit % Number(every) > 0) continue;
  gc();
  heap.push(process.memoryUsage().heapUsed);
}
console.log(JSON.stringify(heap));
