import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { deferred } from '../harness/fake-server.js';
import { freezeProcess } from '../harness/freeze-process.js';

const program = fileURLToPath(new URL('apps/container.ts', import.meta.url));

/** A server that announces a keep-alive timeout, and closes its idle connections when the test says so. */
async function keepAliveServer() {
  const sockets = new Set<Socket>();
  const statements: string[] = [];
  const server = createServer({ keepAliveTimeout: 10_000 }, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      statements.push(body);
      response.end('{"n":1}\n');
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    statements,
    connections: () => sockets.size,
    /** Resolves when the server has closed all connections. */
    closeConnections: async () => {
      const closed = [...sockets].filter((socket) => !socket.closed).map((socket) => once(socket, 'close'));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      const closed = deferred<undefined>();
      server.close(() => closed.resolve(undefined));
      await closed.promise;
    },
  };
}

/** A container that runs a statement for each line. */
function container(url: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, CLICKHOUSE_URL: url, NODE_ENV: 'production' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    /** Runs a statement, at once or after milliseconds. Resolves with `done` or with its error. */
    run: async (statement: 'read' | 'write', delayMs?: number): Promise<unknown> => {
      child.stdin.write(`${statement}${delayMs === undefined ? '' : ` ${delayMs}`}\n`);
      return (await lines.next()).value;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

describe('a container that was frozen while the server closed its connection', () => {
  it.each(['read', 'write'] as const)('succeeds with the first statement after the thaw: a %s', async (statement) => {
    await using server = await keepAliveServer();
    await using frozen = container(server.url);
    for (let round = 1; round <= 3; round++) {
      expect(await frozen.run(statement)).toBe('done');
      await freezeProcess(frozen.child);
      await server.closeConnections();
      // The line arrives before the thaw, so that the process sees it together with the closed connection.
      const result = frozen.run(statement);
      frozen.child.kill('SIGCONT');
      expect(await result).toBe('done');
      expect(server.connections()).toBeGreaterThan(round);
    }
    expect(server.statements).toHaveLength(6);
  });

  it.each(['read', 'write'] as const)('succeeds with a statement of a timer that expired meanwhile: a %s', async (statement) => {
    await using server = await keepAliveServer();
    await using frozen = container(server.url);
    expect(await frozen.run(statement)).toBe('done');
    const delayMs = 500;
    const result = frozen.run(statement, delayMs);
    await freezeProcess(frozen.child);
    await server.closeConnections();
    await sleep(2 * delayMs);
    frozen.child.kill('SIGCONT');
    expect(await result).toBe('done');
    expect(server.statements).toHaveLength(2);
  });
});
