import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { repository } from '../places.js';
import { authority, type CertificateName, certificateOf } from '../runtime/harness/certificates.js';

const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-authority-'));
const authorityFile = join(folder, 'authority.pem');
writeFileSync(authorityFile, authority);
afterAll(() => rmSync(folder, { recursive: true }));

/** An HTTPS server that counts requests and connections. */
interface SecureServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: () => number;
  readonly connections: () => number;
}

/** Starts a server on a free port with this certificate. */
async function secureServer(name: CertificateName): Promise<SecureServer> {
  let [requests, connections] = [0, 0];
  const server = createServer(certificateOf(name), (_, response) => {
    requests++;
    response.end('{"n":1}\n');
  });
  server.on('connection', () => connections++);
  await once(server.listen(0, 'localhost'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `https://localhost:${port}`,
    requests: () => requests,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** Runs a query in a process that trusts the test authority. Resolves with the rows, or with properties of the error. */
async function readInProcess(url: string): Promise<unknown> {
  const program = `
    import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from ${JSON.stringify(join(repository, 'runtime/src/index.ts'))};
    const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({ url: ${JSON.stringify(url)} }, {}), factory: new ClickHouseConnectionFactory() });
    const read = manager.service.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' }).then((result) => result.json());
    console.log(JSON.stringify(await read.catch(({ code, systemCode, isTls, attempts }) => ({ code, systemCode, isTls, attempts }))));
    await manager.close();`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: repository,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authorityFile },
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output === '') throw new Error(errors);
  return JSON.parse(output);
}

describe('fault 16: a server whose certificate', () => {
  it('is valid receives the statement', async () => {
    await using server = await secureServer('valid');
    expect(await readInProcess(server.url)).toEqual([{ n: 1 }]);
  });

  it.each<readonly [string, CertificateName, string]>([
    ['is expired', 'expired', 'CERT_HAS_EXPIRED'],
    ['is for another host', 'wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['is self-signed', 'self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('%s receives no statement and is tried once', async (_, name, systemCode) => {
    await using server = await secureServer(name);
    expect(await readInProcess(server.url)).toEqual({ code: 'CONNECT_FAILED', systemCode, isTls: true, attempts: 1 });
    expect([server.requests(), server.connections()]).toEqual([0, 1]);
  });
});
