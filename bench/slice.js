import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectedAccessors, modesOf } from '../src/model/accessors.js';
import { CallGraph } from '../src/model/call-graph.js';
import { clientPackages } from '../src/model/clients.js';
import { follow } from '../src/model/flow/follow.js';
import { findImportCircles } from '../src/model/import-circles.js';
import { Makers } from '../src/model/makers.js';
import { detectedManagers } from '../src/model/managers.js';
import { SliceProgram } from '../src/model/program.js';
import { findHonest, findRecursions, findUnbypassedCalls } from '../src/model/recursion.js';
import { Roles } from '../src/model/roles.js';
import { load } from '../src/model/slice.js';
import { makeStubs } from '../src/model/stubs.js';
import { routinesIn } from '../src/model/syntax.js';
import { unflaggedAccessors } from '../src/model/unflagged.js';
import { Project } from '../src/project/project.js';
import { median } from './measure.js';

/** What it costs to make the call graph of a slice and to look for every circle in it, once the type checker is warm: a further question to the same texts. */

const rounds = Number(process.env['ROUNDS'] ?? 9);
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-bench-'));

/** Every file asks the accessor; a fifth of them lie, one behind the other, on the way from the manager back to it. @param {number} files */
function write(files) {
  const root = join(folder, String(files));
  mkdirSync(join(root, 'src'), { recursive: true });
  const save = (/** @type {string} */ file, /** @type {string} */ text) => writeFileSync(join(root, 'src', file), text);
  save(
    'client.ts',
    `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { manager } from './manager.js';\nexport async function getClient({ bypassManager = false } = {}): Promise<ClickHouseClient> {\n  return bypassManager ? createClient() : manager.take();\n}\n`,
  );
  save(
    'manager.ts',
    `import { open0 } from './store0.js';\nclass Manager {\n  take() {\n    return open0(3);\n  }\n}\nexport const manager = new Manager();\n`,
  );
  for (let index = 0; index < files - 2; index++) {
    const next = index + 1 < files / 5 ? index + 1 : undefined;
    const open =
      next === undefined ? 'getClient({ bypassManager: true })' : `depth > 0 ? open${next}(depth - 1) : getClient({ bypassManager: true })`;
    const methods = Array.from(
      { length: 6 },
      (_, method) =>
        `  async method${method}(id: number): Promise<number> {\n    const client = await this.#open(id);\n    if (id > ${method} && client) return this.method${(method + 1) % 6}(id - 1);\n    return [id].map((value) => value + ${method}).reduce((sum, value) => sum + value, 0);\n  }`,
    );
    save(
      `store${index}.ts`,
      `import { type ClickHouseClient } from '@clickhouse/client';\nimport { getClient } from './client.js';\n${next === undefined ? '' : `import { open${next} } from './store${next}.js';\n`}export function open${index}(depth: number): Promise<ClickHouseClient> {\n  return ${open};\n}\nexport class Store${index} {\n  readonly #open = open${index};\n${methods.join('\n')}\n}\n`,
    );
  }
  return root;
}

/**
 * What each part of a model takes, asked of one program whose checker has answered it all before.
 * @param {number} files
 */
function measure(files) {
  const root = write(files);
  const project = new Project(root);
  const stubs = makeStubs(clientPackages);
  const program = new SliceProgram(stubs.text, (/** @type {string} */ from, /** @type {string} */ specifier) =>
    project.resolve(from, specifier),
  );
  load(project, program, project.sources);
  const { checker } = program;
  const sources = [...project.sources].map((file) => program.sourceFile(file));
  const routines = sources.flatMap(routinesIn);
  const accessors = detectedAccessors(routines, new Makers(checker), checker);
  /** @type {readonly string[]} */
  let found = [];
  const samples = Array.from({ length: rounds }, () => {
    const started = performance.now();
    const { sites } = follow(sources, checker, stubs, () => undefined);
    const followed = performance.now();
    const candidates = [
      ...accessors,
      ...unflaggedAccessors(new CallGraph(sites, checker, new Set()), accessors, new Makers(checker), checker),
    ];
    const graph = new CallGraph(sites, checker, modesOf(candidates));
    const managers = detectedManagers(accessors, graph, routines);
    const counts = [
      findRecursions(candidates, graph),
      findUnbypassedCalls(accessors, managers, graph),
      [...findHonest(accessors, graph)],
    ].map(({ length }) => length);
    const judged = performance.now();
    const seen = {
      constructing: new Set(),
      managing: new Set([join(root, 'src/manager.ts')]),
      accessing: new Set([join(root, 'src/client.ts')]),
    };
    const roles = new Roles({ isTest: () => false }, seen, project, program);
    const circles = findImportCircles(
      project,
      project.sources,
      (/** @type {string} */ file) => program.sourceFile(file),
      (/** @type {string} */ file) => roles.of(file),
    ).circles.length;
    found = [...counts, circles].map(String);
    return { following: followed - started, calls: judged - followed, imports: performance.now() - judged };
  });
  if (found.join() !== '0,0,1,1')
    throw new Error(`expected no recursion, one accessor that honours its bypass and one import circle, found ${found.join()}`);
  const of = (/** @type {'following' | 'calls' | 'imports'} */ part) => median(samples.map((sample) => sample[part]));
  return { following: of('following'), calls: of('calls'), imports: of('imports') };
}

console.log(`Node ${process.version}, ${rounds} rounds, medians`);
/** @type {number | undefined} */
let before;
for (const files of [125, 250, 500, 1_000]) {
  const { following, calls, imports } = measure(files);
  const cycles = calls + imports;
  const verdict = files === 500 ? ` (target 300: ${cycles < 300 ? 'met' : 'missed'})` : '';
  const growth = before === undefined ? '' : `, ${(cycles / before).toFixed(2)} times that of half as many`;
  console.log(
    `  a slice of ${String(files).padStart(4)} files: call graph in its states with all its circles ${calls.toFixed(0)} ms, import circles ${imports.toFixed(0)} ms, together ${cycles.toFixed(0)} ms${verdict}${growth}; following the values that calls are found by ${following.toFixed(0)} ms`,
  );
  before = cycles;
}
rmSync(folder, { recursive: true });
