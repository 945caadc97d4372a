import { ClickHouseClient } from '@clickhouse/client';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import ts from 'typescript';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { createTestService } from '../../../runtime/src/testing.js';
import { repository } from '../../places.js';
import { fakeServer } from '../harness/fake-server.js';

/** Code of an application and of a library that know the official client only, with the services of this package. */
const application = `
import type { ClickHouseClient, QueryResult } from '@clickhouse/client';
import { type ClickHouseService, getClickHouseClient, getClickHouseConnectionManager } from '@clickhouse-ssot/runtime';
import { createTestService } from '@clickhouse-ssot/runtime/testing';

class Repository {
  constructor(private readonly client: ClickHouseClient) {}
  async rows(): Promise<{ id: number }[]> {
    const result: QueryResult<'JSONEachRow'> = await this.client.query({ query: 'SELECT 1 AS id', format: 'JSONEachRow' });
    return result.json<{ id: number }>();
  }
}
const migrate = async (client: ClickHouseClient, tables: readonly string[]) => {
  for (const table of tables) await client.command({ query: 'DROP TABLE ' + table });
};
const clients: Map<string, ClickHouseClient> = new Map();
const manager = getClickHouseConnectionManager();
await using session = await manager.session();
for (const client of [await getClickHouseClient(), manager.service, manager.serviceWith({}), manager.bulkhead('a'), session, createTestService()]) {
  new Repository(client);
  await migrate(client, ['a']);
  clients.set('a', client);
}
clients.set('b', await getClickHouseClient({ bypassManager: true }));

const fake: Pick<ClickHouseService, 'query'> = createTestService();
const structural: ClickHouseService = manager.service;
export { fake, structural };
`;

/** Type-checks the text against the built declarations of the runtime. Returns the messages of the compiler. */
function problemsOf(text: string): string[] {
  const file = join(repository, 'runtime/application.ts');
  const dist = join(repository, 'runtime/dist');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    skipLibCheck: true,
    paths: { '@clickhouse-ssot/runtime': [join(dist, 'index.d.ts')], '@clickhouse-ssot/runtime/*': [join(dist, '*.d.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, version) => (path === file ? ts.createSourceFile(path, text, version) : getSourceFile(path, version));
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (path) => path === file || fileExists(path);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('a service, where code expects the official ClickHouseClient', () => {
  it('type-checks against the published declarations: accessors, services, sessions and the test double', () => {
    expect(readFileSync(join(repository, 'runtime/dist/index.d.cts'), 'utf8')).toContain('ManagedClient');
    expect(problemsOf(application)).toEqual([]);
  });

  it('does not type-check with a method that does not exist', () => {
    expect(problemsOf(`${application}\nmanager.service.stream();`)).toEqual([expect.stringContaining("'stream' does not exist")]);
  });

  it('is an instance of the class', async () => {
    const manager = managerOf('http://127.0.0.1:9');
    for (const client of [manager.service, manager.serviceWith({ deadlineMs: 5 }), createTestService()])
      expect(client).toBeInstanceOf(ClickHouseClient);
    await manager.close();
  });

  it('shows no internals in logs and JSON', async () => {
    const manager = managerOf('http://user:hunter2@127.0.0.1:9');
    for (const client of [manager.service, createTestService()])
      expect(`${inspect(client, { showHidden: true, depth: 9 })}${JSON.stringify({ client })}`).not.toMatch(
        /hunter2|connectionParams|localhost/,
      );
    await manager.close();
  });

  it('has no second way to the server: methods of the official class itself reach none, and no permit is bypassed', async () => {
    await using server = await fakeServer((response) => response.end());
    const manager = managerOf(server.url);
    const { service } = manager;
    await expect(ClickHouseClient.prototype.command.call(service, { query: 'SELECT 1' })).rejects.toMatchObject({
      kind: 'UnsupportedByBackendError',
    });
    expect(server.requests).toEqual([]);
    await manager.close();
  });
});

function managerOf(url: string): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url }, {}), factory: new ClickHouseConnectionFactory() });
}
