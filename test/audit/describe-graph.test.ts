import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import type { AuditGraph } from '../../src/audit/audit-result.js';
import { moveGraph, joinGraphs, selectGraph } from '../../src/audit/move-graph.js';
import { codeBase } from '../project/code-base.js';

function graphOf(files: Parameters<typeof codeBase>[0]): AuditGraph {
  const outcome = audit({ root: codeBase(files) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.graph;
}

const nodesOf = ({ nodes }: AuditGraph): string[] => nodes.map(({ kind, id }) => `${kind} ${id}`);
const edgesOf = ({ edges }: AuditGraph): string[] =>
  edges.map(({ from, kind, to, recursion = '' }) => `${from} ${kind} ${to} ${recursion}`.trim());

const factory = `import { createClient } from '@clickhouse/client';
export const clickhouse = createClient({ url: process.env.CLICKHOUSE_URL });
export const tables = ['events'];
`;

describe('the graph', () => {
  test('has the factory, its server and the files that use it', () => {
    const graph = graphOf({
      'src/db.ts': factory,
      'src/report.ts': `import { clickhouse } from './db.js';\nexport const report = () => clickhouse.query({ query: 'SELECT 1' });\n`,
    });
    expect(nodesOf(graph)).toEqual(['server server:process.env.CLICKHOUSE_URL', 'factory src/db.ts', 'consumer src/report.ts']);
    expect(edgesOf(graph)).toEqual(['src/db.ts connects server:process.env.CLICKHOUSE_URL', 'src/report.ts uses src/db.ts']);
  });

  test('looks through a module that only passes exports on', () => {
    const graph = graphOf({
      'src/db.ts': factory,
      'src/index.ts': `export * from './db.js';\n`,
      'src/report.ts': `import { clickhouse } from './index.js';\nexport const report = () => clickhouse.query({ query: 'SELECT 1' });\n`,
    });
    expect(edgesOf(graph)).toContain('src/report.ts uses src/db.ts');
    expect(nodesOf(graph)).not.toContain('consumer src/index.ts');
  });

  test('leaves out tests, and imports of types', () => {
    const graph = graphOf({
      'src/db.ts': factory,
      'src/db.test.ts': `import { clickhouse } from './db.js';\nclickhouse.ping();\n`,
      'src/types.ts': `import type { clickhouse } from './db.js';\nexport type Client = typeof clickhouse;\n`,
    });
    expect(nodesOf(graph)).toEqual(['server server:process.env.CLICKHOUSE_URL', 'factory src/db.ts']);
  });

  test('does not show the credentials of an address', () => {
    const graph = graphOf({
      'src/db.ts': `import { createClient } from '@clickhouse/client';\nexport const db = createClient({ url: 'http://admin:hunter2@ch.example.com:8123?password=hunter2' });\n`,
    });
    expect(JSON.stringify(graph)).not.toContain('hunter2');
    expect(nodesOf(graph)).toContain('server server:http://ch.example.com:8123?password=…');
  });

  test('names the deployable of a function that is part of a recursion only', () => {
    const graph = graphOf({
      'package.json': { name: 'app' },
      'src/accessor.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { manager } from './manager.js';
export async function getClient({ bypassManager = false } = {}): Promise<ClickHouseClient> {
  return bypassManager ? createClient() : manager.take();
}
`,
      'src/manager.ts': `import { open } from './open.js';
class Manager {
  take() { return open(); }
}
export const manager = new Manager();
`,
      'src/open.ts': `import { getClient } from './accessor.js';\nexport function open() { return getClient(); }\n`,
    });
    expect(graph.nodes.find(({ id }) => id === 'src/open.ts#open')).toMatchObject({ kind: 'function', deployable: '.' });
  });

  test('marks each call of a recursion', () => {
    const graph = graphOf({
      'src/accessor.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { manager } from './manager.js';
export async function getClient({ bypassManager = false } = {}): Promise<ClickHouseClient> {
  return bypassManager ? createClient() : manager.take();
}
`,
      'src/manager.ts': `import { getClient } from './accessor.js';
class Manager {
  take() { return this.open(); }
  open() { return getClient(); }
}
export const manager = new Manager();
`,
    });
    expect(edgesOf(graph)).toContain('src/accessor.ts#getClient calls src/manager.ts#Manager proven');
    expect(edgesOf(graph)).toContain('src/manager.ts#Manager calls src/accessor.ts#getClient proven');
  });
});

describe('the graph of several projects', () => {
  const one = graphOf({ 'src/db.ts': factory });

  test('has paths from the common folder', () => {
    const moved = moveGraph(one, 'services/api');
    expect(nodesOf(moved)).toEqual(['server server:process.env.CLICKHOUSE_URL', 'factory services/api/src/db.ts']);
    expect(moved.nodes.map(({ deployable }) => deployable)).toEqual([undefined, 'services/api']);
    expect(edgesOf(moved)).toEqual(['services/api/src/db.ts connects server:process.env.CLICKHOUSE_URL']);
  });

  test('has one node for a server that both use', () => {
    const joined = joinGraphs(moveGraph(one, 'a'), moveGraph(one, 'b'));
    expect(joined.nodes.filter(({ kind }) => kind === 'server')).toHaveLength(1);
    expect(joined.edges).toHaveLength(2);
  });

  test('keeps the server of the runtime that selected files use', () => {
    const runtime = { id: '@clickhouse-ssot/runtime', kind: 'runtime', label: '@clickhouse-ssot/runtime' } as const;
    const server = { id: 'server:ClickHouse', kind: 'server', label: 'ClickHouse' } as const;
    const user = { id: 'a.ts', kind: 'consumer', label: 'a.ts', deployable: '.', place: { file: 'a.ts', line: 1, column: 1 } } as const;
    const edges = [
      { from: 'a.ts', to: runtime.id, kind: 'uses' },
      { from: runtime.id, to: server.id, kind: 'connects' },
    ] as const;
    const selected = selectGraph({ nodes: [runtime, user, server], edges }, ({ file }) => file === 'a.ts');
    expect(nodesOf(selected)).toEqual(['runtime @clickhouse-ssot/runtime', 'consumer a.ts', 'server server:ClickHouse']);
    expect(selected.edges).toEqual(edges);
  });

  test('keeps the neighbours of the selected files', () => {
    const selected = selectGraph(joinGraphs(moveGraph(one, 'a'), moveGraph(one, 'b')), ({ file }) => file.startsWith('a/'));
    expect(nodesOf(selected)).toEqual(['server server:process.env.CLICKHOUSE_URL', 'factory a/src/db.ts']);
  });
});
