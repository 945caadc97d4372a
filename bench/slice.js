import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './measure.js';

/** What it costs to make the call graph of a slice and to look for every circle in it, once the type checker is warm: a further question to the same texts. */

const dist = new URL('../dist/src/', import.meta.url);
const { ModelSource } = await import(new URL('model/model.js', dist).href);
const { Project } = await import(new URL('project/project.js', dist).href);
const { readSettings } = await import(new URL('settings.js', dist).href);
const { modelSettingsOf } = await import(new URL('model-settings.js', dist).href);

const rounds = Number(process.env['ROUNDS'] ?? 9);
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-bench-'));

/** Every file is within reach of the accessor, asks it, and is asked by the next. @param {number} files */
function write(files) {
  const root = join(folder, String(files));
  mkdirSync(join(root, 'src'), { recursive: true });
  const save = (/** @type {string} */ file, /** @type {string} */ text) => writeFileSync(join(root, 'src', file), text);
  save('client.ts', `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { manager } from './manager.js';\nexport async function getClient({ bypassManager = false } = {}): Promise<ClickHouseClient> {\n  return bypassManager ? createClient() : manager.take();\n}\n`);
  save('manager.ts', `import { open0 } from './store0.js';\nclass Manager {\n  take() {\n    return open0(3);\n  }\n}\nexport const manager = new Manager();\n`);
  for (let index = 0; index < files - 2; index++) {
    const next = index + 1 < files - 2 ? index + 1 : undefined;
    const open = next === undefined ? 'getClient({ bypassManager: true })' : `depth > 0 ? open${next}(depth - 1) : getClient({ bypassManager: true })`;
    const methods = Array.from({ length: 6 }, (_, method) => `  async method${method}(id: number): Promise<number> {\n    const client = await this.#open(id);\n    if (id > ${method} && client) return this.method${(method + 1) % 6}(id - 1);\n    return [id].map((value) => value + ${method}).reduce((sum, value) => sum + value, 0);\n  }`);
    save(`store${index}.ts`, `import { type ClickHouseClient } from '@clickhouse/client';\nimport { getClient } from './client.js';\n${next === undefined ? '' : `import { open${next} } from './store${next}.js';\n`}export function open${index}(depth: number): Promise<ClickHouseClient> {\n  return ${open};\n}\nexport class Store${index} {\n  readonly #open = open${index};\n${methods.join('\n')}\n}\n`);
  }
  return root;
}

/** @param {number} files */
function millisecondsFor(files) {
  const root = write(files);
  const project = new Project(root);
  const settings = readSettings(root).settings;
  const source = new ModelSource(project, modelSettingsOf(root, settings));
  /** All that a rule asks of it. */
  const ask = () => [source.model.recursions, source.model.unbypassedCalls, source.model.importCircles()].map(({ length }) => length);
  const found = ask().join();
  const again = { files: new Set([join(root, 'src/client.ts')]), relinked: new Set(), structure: false };
  const samples = Array.from({ length: rounds }, () => {
    source.apply(again);
    const started = performance.now();
    if (ask().join() !== found) throw new Error('the same texts gave other findings');
    return performance.now() - started;
  });
  if (source.model.slice.size !== files) throw new Error(`${files} files were meant to be the slice, and it has ${source.model.slice.size}`);
  return median(samples);
}

console.log(`Node ${process.version}, ${rounds} rounds, medians (${fileURLToPath(import.meta.url)})`);
/** @type {number | undefined} */
let before;
for (const files of [125, 250, 500, 1_000]) {
  const milliseconds = millisecondsFor(files);
  const growth = before === undefined ? '' : `, ${(milliseconds / before).toFixed(2)} times that of half as many`;
  console.log(`  a slice of ${String(files).padStart(4)} files: ${milliseconds.toFixed(0)} ms${growth}${files === 500 ? ` (target 300: ${milliseconds < 300 ? 'met' : 'missed'})` : ''}`);
  before = milliseconds;
}
rmSync(folder, { recursive: true });
