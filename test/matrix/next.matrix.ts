import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install, installedService, run } from './installed-service.js';

const route = `
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '@clickhouse-ssot/runtime';
import { embeddedConnection } from '@clickhouse-ssot/runtime/embedded';
import { instrument } from '@clickhouse-ssot/runtime/otel';
import { fileSecret } from '@clickhouse-ssot/runtime/secrets';
import { createTestService } from '@clickhouse-ssot/runtime/testing';
export const dynamic = 'force-dynamic';

async function engineOf() {
  const config = loadClickHouseConfig({}, { NODE_ENV: 'development' });
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  try {
    return await (await manager.service.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' })).json();
  } catch (error) {
    return error.code;
  } finally {
    await manager.close();
  }
}

export async function GET() {
  const config = loadClickHouseConfig({ url: 'http://127.0.0.1:1' }, {});
  const factory = new ClickHouseConnectionFactory({ onCreate: async () => void (await factory.create(config)) });
  const path = await factory.create(config).catch((error) => error.path);
  const entryPoints = [embeddedConnection, instrument, fileSecret, createTestService].map((each) => typeof each);
  return Response.json({ path, engine: await engineOf(), entryPoints });
}
`;
const files = {
  'app/layout.js': 'export default function Layout({ children }) { return <html><body>{children}</body></html>; }',
  'app/page.js': 'export default function Page() { return <p>Page</p>; }',
  'app/api/row/route.js': route,
};

let folder: string;
beforeAll(() => void (folder = installedService(files, ['next@16', 'react', 'react-dom'])));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts the built service and returns what its route answers. */
async function answerOfRoute(): Promise<unknown> {
  const port = await freePort();
  const next = spawn(process.execPath, [join(folder, 'node_modules/next/dist/bin/next'), 'start', '-p', String(port)], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1' },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      next.stdout.on('data', (chunk) => String(chunk).includes('Ready') && resolve());
      next.on('exit', (code) => reject(new Error(`next start exited with ${code}`)));
    });
    return await (await fetch(`http://127.0.0.1:${port}/api/row`)).json();
  } finally {
    next.kill('SIGKILL');
  }
}

const file: unknown = expect.stringContaining('.next');
const answer = (engine: unknown) => ({ path: [file, file], engine, entryPoints: Array(4).fill('function') as unknown });

describe.each(['--turbopack', '--webpack'])('next build %s, without a configuration', (bundler) => {
  it('without chdb', async () => {
    run(folder, 'npm', 'uninstall', '--no-audit', '--no-fund', 'chdb');
    expect(run(folder, 'npx', 'next', 'build', bundler)).not.toMatch(/chdb|Critical dependency|import\.meta/i);
    expect(await answerOfRoute()).toEqual(answer('ENGINE_MISSING'));
  });

  it('with chdb', async () => {
    install(folder, ['chdb@3']);
    expect(run(folder, 'npx', 'next', 'build', bundler)).not.toMatch(/chdb|Critical dependency|import\.meta/i);
    expect(await answerOfRoute()).toEqual(answer([{ n: 1 }]));
  });
});
