import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../places.js';
import { codeBase } from '../project/code-base.js';
import { runEslint } from './hosts.js';

const report = `import type { ClickHouseClient } from '@clickhouse/client';

/** Counts. */
export async function report(client: ClickHouseClient /* given */): Promise<number> {
  const result = await client.query({ query: 'SELECT count() AS n FROM visits', format: 'JSONEachRow' });
  const rows = await result.json<{ n: number }>();
  await client.insert({ table: 'counts', values: rows, format: 'JSONEachRow' });
  await client.command({ query: 'OPTIMIZE TABLE counts' });
  return (await client.ping()).success ? rows.length : 0;
}
`;

const service = `import type { ClickHouseClient } from '@clickhouse/client';

export type Store = Pick<ClickHouseClient, 'query' | 'insert' | 'command' | 'ping'>;
`;

/** One caller passes the service, the other one a client. */
const main = `import { createClient } from '@clickhouse/client';
import { report } from './report.js';
import type { Store } from './service.js';

const client = createClient();
const store: Store = client;
export const visits = [report(client), report(store as typeof client)];
`;

const compilerOptions = { target: 'ES2023', module: 'NodeNext', strict: true, noEmit: true, skipLibCheck: true, types: [] };

/** Returns the errors of the compiler, with the real declarations of the client. */
function typeErrors(folder: string): string {
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
  return status === 0 ? '' : `exit code ${status}: ${stdout}`;
}

it('code that --fix moves to the service interface compiles, keeps its comments, and is not changed again', () => {
  const folder = codeBase({
    'package.json': { type: 'module', dependencies: { '@clickhouse/client': '1' } },
    'clickhouse-ssot.config.json': { service: ['src/service.ts'] },
    'tsconfig.json': { compilerOptions, include: ['src'] },
    'src/report.ts': report,
    'src/service.ts': service,
    'src/main.ts': main,
  });
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  expect(typeErrors(folder)).toBe('');
  runEslint('eslint', folder, ['--fix']);
  const fixed = readFileSync(join(folder, 'src/report.ts'), 'utf8');
  expect(fixed).toContain('/** Counts. */\nexport async function report(client: Store /* given */)');
  expect(typeErrors(folder)).toBe('');
  expect(runEslint('eslint', folder, ['--fix']).map(({ rule }) => rule)).not.toContain('use-service-interface');
  expect(readFileSync(join(folder, 'src/report.ts'), 'utf8')).toBe(fixed);
});
