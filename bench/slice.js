import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectedAccessors, modesOf } from '../src/model/connections/accessors.js';
import { CallGraph } from '../src/model/call-graph/call-graph.js';
import { analyzeFlow } from '../src/model/dataflow/analyze-flow.js';
import { findImportCycles } from '../src/model/imports/import-cycles.js';
import { ClientProviders } from '../src/model/clients/providers.js';
import { detectedManagers } from '../src/model/connections/managers.js';
import { SliceProgram } from '../src/model/slice/slice-program.js';
import { findBypassHonored, findRecursions } from '../src/model/recursion/recursion.js';
import { findUnbypassedCalls } from '../src/model/recursion/unbypassed-calls.js';
import { Roles } from '../src/model/connections/roles.js';
import { loadSlice } from '../src/model/slice/slice.js';
import { createClientImports } from '../src/model/clients/client-imports.js';
import { callablesIn } from '../src/model/typescript/syntax.js';
import { unflaggedAccessors } from '../src/model/recursion/unflagged-accessors.js';
import { Project } from '../src/project/project.js';
import { median } from './measure.js';

/** Measures the call graph of a slice and the search for all its cycles, with a warm type checker. */

const rounds = Number(process.env['ROUNDS'] ?? 9);
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-bench-'));

/** Writes a project in which every file calls the accessor. A fifth of the files form one call path from the manager to the accessor. @param {number} files */
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
 * Measures each part of the model on one program with a warm type checker.
 * @param {number} files
 */
function measure(files) {
  const root = write(files);
  const project = new Project(root);
  const { stubs, resolve } = createClientImports(project, []);
  const program = new SliceProgram(stubs, resolve);
  loadSlice(project, program, project.sources);
  const { checker } = program;
  const sources = [...project.sources].map((file) => program.sourceFile(file)).filter((source) => source !== undefined);
  const callables = sources.flatMap((source) => callablesIn(source));
  const accessors = detectedAccessors(callables, new ClientProviders(checker), checker);
  /** @type {readonly string[]} */
  let found = [];
  const samples = Array.from({ length: rounds }, () => {
    const started = performance.now();
    const { sites } = analyzeFlow(sources, checker, stubs, program.modules);
    const flowDone = performance.now();
    const candidates = [
      ...accessors,
      ...unflaggedAccessors(new CallGraph(sites, checker, new Set()), accessors, new ClientProviders(checker), checker),
    ];
    const graph = new CallGraph(sites, checker, modesOf(candidates));
    const managers = detectedManagers(accessors, graph, callables);
    const counts = [
      findRecursions(candidates, graph),
      findUnbypassedCalls(accessors, managers, graph, program.checker),
      [...findBypassHonored(accessors, graph)],
    ].map(({ length }) => length);
    const graphDone = performance.now();
    const detected = {
      factoryFiles: new Set(),
      managerFiles: new Set([join(root, 'src/manager.ts')]),
      accessorFiles: new Set([join(root, 'src/client.ts')]),
    };
    const roles = new Roles({ config: undefined, factory: undefined, service: undefined, isTest: () => false }, detected, project, program);
    const cycles = findImportCycles(
      project,
      project.sources,
      (/** @type {string} */ file) => program.parsed(file, project.text(file) ?? ''),
      (/** @type {string} */ file) => roles.of(file),
    ).cycles.length;
    found = [...counts, cycles].map(String);
    return { flow: flowDone - started, calls: graphDone - flowDone, imports: performance.now() - graphDone };
  });
  if (found.join() !== '0,0,1,1')
    throw new Error(`expected no recursion, one accessor that honours its bypass and one import cycle, found ${found.join()}`);
  const of = (/** @type {'flow' | 'calls' | 'imports'} */ part) => median(samples.map((sample) => sample[part]));
  return { flow: of('flow'), calls: of('calls'), imports: of('imports') };
}

console.log(`Node ${process.version}, ${rounds} rounds, medians`);
/** @type {number | undefined} */
let before;
for (const files of [125, 250, 500, 1_000]) {
  const { flow, calls, imports } = measure(files);
  const cycles = calls + imports;
  const verdict = files === 500 ? ` (target 300: ${cycles < 300 ? 'met' : 'missed'})` : '';
  const growth = before === undefined ? '' : `, ${(cycles / before).toFixed(2)} times the value for half the files`;
  console.log(
    `  a slice of ${String(files).padStart(4)} files: call graph with all cycles ${calls.toFixed(0)} ms, import cycles ${imports.toFixed(0)} ms, together ${cycles.toFixed(0)} ms${verdict}${growth}; value flow ${flow.toFixed(0)} ms`,
  );
  before = cycles;
}
rmSync(folder, { recursive: true });
