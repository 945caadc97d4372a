import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Number of files of a folder. */
const perFolder = 50;

/**
 * Writes a TypeScript repository: files of 79 lines with at most `imports` imports (default: 3), a quarter of them through tsconfig paths.
 * `clients` of the files construct ClickHouse clients, every second one through a barrel; an accessor and its manager are added.
 * `services` further files (default: none) run statements, handle their errors and read settings. Called by the benches in this folder.
 *
 * @param {{ root: string; files: number; clients: number; imports?: number; services?: number }} options
 */
export function generate({ root, files, clients, imports: maxImports = 3, services = 0 }) {
  const random = randomNumbers(files);
  const pathOf = (/** @type {number} */ index) => `src/area${Math.floor(index / perFolder)}/module${index}`;
  const write = (/** @type {string} */ file, /** @type {string} */ text) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  write('package.json', '{ "name": "generated", "private": true, "type": "module" }\n');
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'Bundler',
        strict: true,
        noEmit: true,
        paths: { '@app/*': ['./src/*'] },
      },
      include: ['src'],
    }),
  );
  const step = Math.floor(files / Math.max(clients, 1));
  for (let index = 0; index < files; index++) {
    const imports = Array.from({ length: maxImports }, () => index + 1 + Math.floor(random() * 200)).filter((target) => target < files);
    const lines = imports.map((target, position) => {
      const specifier = random() < 0.25 ? `@app/${pathOf(target).slice(4)}` : relative(pathOf(index), pathOf(target));
      return `import { compute${target} as dependency${position} } from '${specifier}';`;
    });
    const client = index / step;
    if (Number.isInteger(client) && client < clients)
      lines.push(
        `import { createClient } from '${client % 2 === 0 ? '@clickhouse/client' : relative(pathOf(index), 'src/db/barrel')}';`,
        '',
        `export const client${index} = createClient({ url: 'http://localhost:8123' });`,
      );
    lines.push(...body(index, imports.length));
    write(`${pathOf(index)}.ts`, `${lines.slice(0, 79).join('\n')}\n`);
  }
  if (clients > 0) {
    write('src/db/barrel.ts', `export * from '@clickhouse/client';\n`);
    write(
      'src/db/accessor.ts',
      `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { manager } from './manager.js';\nexport async function getClient({ bypassManager = false } = {}): Promise<ClickHouseClient> {\n  return bypassManager ? createClient() : manager.take();\n}\n`,
    );
    write(
      'src/db/manager.ts',
      `import { getClient } from './accessor.js';\nclass Manager {\n  take() {\n    return getClient({ bypassManager: true });\n  }\n}\nexport const manager = new Manager();\n`,
    );
  }
  for (let index = 0; index < services; index++) write(`src/services/service${index}.ts`, service(index));
  execFileSync('git', ['init', '-q'], { cwd: root });
  execFileSync('git', ['add', '.'], { cwd: root });
}

/** Returns the lines after the imports. @param {number} index @param {number} dependencies */
function body(index, dependencies) {
  const lines = [
    '',
    `export interface Row${index} {`,
    '  readonly id: number;',
    '  readonly name: string;',
    '  readonly tags: readonly string[];',
    '}',
    '',
  ];
  lines.push(`export class Store${index} {`, `  private readonly rows = new Map<number, Row${index}>();`, '');
  for (let method = 0; method < 6; method++)
    lines.push(
      `  method${method}(id: number): Row${index} | undefined {`,
      `    const row = this.rows.get(id + ${method});`,
      `    if (row && row.tags.length > ${method}) return { ...row, name: row.name.trim() };`,
      '    return row;',
      '  }',
      '',
    );
  lines.push('}', '', `export function compute${index}(values: readonly number[]): number {`, `  const store = new Store${index}();`);
  for (let position = 0; position < dependencies; position++)
    lines.push(`  const part${position} = dependency${position}(values.map((value) => value + ${position}));`);
  lines.push(
    `  return values.filter((value) => store.method0(value) === undefined).reduce((sum, value) => sum + value, ${index});`,
    '}',
    '',
  );
  for (let constant = 0; lines.length < 79; constant++) lines.push(`export const constant${index}x${constant} = ${constant} + ${index};`);
  return lines;
}

/** Returns the text of a file that runs statements. @param {number} index */
function service(index) {
  return `import { getClient } from '../db/accessor.js';

const table = process.env['TABLE_${index}'] ?? 'events_${index}';

export async function count${index}(day: string): Promise<number> {
  try {
    const client = await getClient();
    const result = await client.query({ query: \`SELECT count() AS count FROM \${table} WHERE day = {day: Date}\`, query_params: { day } });
    const rows = await result.json<{ count: number }>();
    return rows.data[0]?.count ?? 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '60') return 0;
    throw new Error('Counting ${index} failed', { cause: error });
  }
}

export async function notify${index}(day: string): Promise<void> {
  const count = await count${index}(day);
  const response = await fetch(\`https://hooks.example.com/counts/${index}?day=\${day}\`, { method: 'POST', body: JSON.stringify({ count }) });
  if (!response.ok) throw new Error(await response.text());
}
`;
}

/** Returns the relative specifier of an import. @param {string} from @param {string} to */
function relative(from, to) {
  const [fromFolder, toParts] = [from.split('/').slice(0, -1), to.split('/')];
  let shared = 0;
  while (shared < fromFolder.length && fromFolder[shared] === toParts[shared]) shared++;
  const up = fromFolder.slice(shared).map(() => '..');
  return `${up.length === 0 ? '.' : up.join('/')}/${toParts.slice(shared).join('/')}.js`;
}

/** Returns a generator of numbers from 0 (inclusive) to 1 (exclusive). @param {number} seed */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
