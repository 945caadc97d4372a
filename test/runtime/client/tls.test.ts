import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PeerCertificate, TLSSocket } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { type ClickHouseConfigInput, ConfigError, describeConfig, loadClickHouseConfig, observe } from '../../../runtime/src/index.js';
import { failureOf, managerOf, selectOne } from '../../faults/server-under-test.js';
import { authority, certificateOf } from '../harness/certificates.js';

const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const { key, cert } = certificateOf('valid');
const [caFile, certFile, keyFile] = [file('ca.pem', authority), file('client.pem', cert), file('client.key', key)];

/** A TLS server that records its requests. */
interface TlsServer extends AsyncDisposable {
  readonly url: string;
  /** The client certificate and the authentication headers of each request. */
  readonly requests: readonly {
    readonly certificate: unknown;
    readonly basic: string | undefined;
    readonly byCertificate: unknown;
    readonly user: unknown;
  }[];
}

/** Answers no request before it has so many of them. */
async function tlsServer(options: ServerOptions = {}, pageStatus?: number, together = 1): Promise<TlsServer> {
  const requests: TlsServer['requests'][number][] = [];
  const recordOf = ({ socket, headers }: IncomingMessage) => {
    const { subject }: Partial<PeerCertificate> = socket instanceof TLSSocket ? socket.getPeerCertificate() : {};
    return {
      certificate: subject?.CN,
      basic: headers.authorization,
      byCertificate: headers['x-clickhouse-ssl-certificate-auth'],
      user: headers['x-clickhouse-user'],
    };
  };
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const server = createServer({ ...certificateOf('valid'), ...options }, (request, response) => {
    requests.push(recordOf(request));
    if (requests.length === together) arrive();
    void arrived.then(() => {
      if (pageStatus === undefined) response.end('{"n":1}\n');
      else response.writeHead(pageStatus, { 'content-type': 'text/html', 'retry-after': '1' }).end('<html>please log in</html>');
    });
  });
  await once(server.listen(0, 'localhost'), 'listening');
  const address = server.address();
  return {
    url: `https://localhost:${typeof address === 'object' && address ? address.port : 0}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const requiresCertificate = { requestCert: true, rejectUnauthorized: true, ca: authority } as const;

async function read(url: string, input: ClickHouseConfigInput): Promise<unknown> {
  await using tested = managerOf(url, { input });
  const result = await tested.manager.service.query(selectOne);
  return await result.json();
}

describe('a server with a certificate of a private authority', () => {
  it('is trusted if caFile names the authority', async () => {
    await using server = await tlsServer();
    expect(await read(server.url, { caFile })).toEqual([{ n: 1 }]);
  });

  it('is not trusted without caFile', async () => {
    await using server = await tlsServer();
    expect(await failureOf(read(server.url, {}))).toMatchObject({ code: 'CONNECT_FAILED', isTls: true });
    expect(server.requests).toEqual([]);
  });

  it('is trusted after a rotation that follows a change of caFile: each client reads the file', async () => {
    await using server = await tlsServer();
    const changing = file('changing.pem', certificateOf('self-signed').cert);
    await using tested = managerOf(server.url, { input: { caFile: changing } });
    expect(await failureOf(tested.manager.service.query(selectOne))).toMatchObject({ isTls: true });
    file('changing.pem', authority);
    await tested.manager.rotate();
    expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
    rmSync(changing);
    expect(await failureOf(tested.manager.rotate())).toBeInstanceOf(ConfigError);
    expect(await (await tested.manager.service.query(selectOne)).json()).toEqual([{ n: 1 }]);
  });
});

describe('a server that requires a client certificate', () => {
  it('authenticates the user by the certificate if there is no password', async () => {
    await using server = await tlsServer(requiresCertificate);
    expect(await read(server.url, { caFile, certFile, keyFile, username: 'robot' })).toEqual([{ n: 1 }]);
    expect(server.requests).toEqual([{ certificate: 'localhost', basic: undefined, byCertificate: 'on', user: 'robot' }]);
  });

  it.each(['', 'secret'])('runs as many statements at once as there are permits, with the password "%s"', async (password) => {
    await using server = await tlsServer(requiresCertificate, undefined, 12);
    await using tested = managerOf(server.url, { input: { caFile, certFile, keyFile, password, maxConcurrentStatements: 12 } });
    await Promise.all(Array.from({ length: 12 }, async () => (await tested.manager.service.query(selectOne)).json()));
    expect(server.requests).toHaveLength(12);
  });

  it('receives the certificate and the password, as a proxy requires', async () => {
    await using server = await tlsServer(requiresCertificate);
    expect(await read(server.url, { caFile, certFile, keyFile, username: 'robot', password: 'secret' })).toEqual([{ n: 1 }]);
    expect(server.requests).toEqual([
      {
        certificate: 'localhost',
        basic: `Basic ${Buffer.from('robot:secret').toString('base64')}`,
        byCertificate: undefined,
        user: undefined,
      },
    ]);
  });

  it('has its responses checked if the certificate is the identity: a page fails a write, and Retry-After is known', async () => {
    const identity = { caFile, certFile, keyFile, username: 'robot' };
    const opened: unknown[] = [];
    const observer = observe('clickhouse-ssot:connection:open', (event) => opened.push(event));
    for (const [status, kind, retryAfterMs] of [
      [200, 'GatewayError', undefined],
      [503, 'AmbiguousWriteError', 1_000],
    ] as const) {
      await using server = await tlsServer(requiresCertificate, status);
      await using tested = managerOf(server.url, { input: identity, options: { retry: false } });
      const insert = tested.manager.service.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' });
      expect(await failureOf(insert)).toMatchObject({ kind, httpStatus: status, retryAfterMs });
      // The agent is that of the official client.
      expect([tested.manager.stats.sockets, opened]).toEqual([{ busy: 0, idle: 0 }, []]);
    }
    observer[Symbol.dispose]();
  });

  it('rejects a client without a certificate', async () => {
    await using server = await tlsServer(requiresCertificate);
    await failureOf(read(server.url, { caFile }));
    expect(server.requests).toEqual([]);
  });
});

describe('TLS files that cannot be used', () => {
  const url = 'https://ch:8443';

  it.each<readonly [string, ClickHouseConfigInput, string, RegExp]>([
    ['a missing file', { url, caFile: '/nowhere/ca.pem' }, 'caFile', /"\/nowhere\/ca.pem", which cannot be read \(ENOENT\)/],
    ['a file without PEM', { url, caFile: file('not.pem', 'hello') }, 'caFile', /which holds no PEM/],
    ['a key as an authority', { url, caFile: keyFile }, 'caFile', /which holds a private key and no certificate/],
    ['a key as a certificate', { url, certFile: keyFile, keyFile }, 'certFile', /which holds a private key and no certificate/],
    ['a certificate as a key', { url, certFile, keyFile: certFile }, 'keyFile', /which holds a certificate and no private key/],
    ['a certificate without its key', { url, certFile }, 'certFile', /without its key/],
    ['a key without its certificate', { url, keyFile }, 'keyFile', /without its certificate/],
    ['a server without TLS', { url: 'http://ch:8123', caFile }, 'caFile', /a server without/],
    ['no server', { caFile }, 'caFile', /no server/],
  ])('are rejected when the configuration is loaded: %s', (_, input, problemKey, found) => {
    expect(() => loadClickHouseConfig(input, {})).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ key: problemKey, found: expect.stringMatching(found) as unknown })] }),
    );
  });

  it.each([
    ['a key', key, 'the content of a PEM file'],
    ['a key in one line', key.replaceAll('\n', '\\n'), 'the content of a PEM file'],
    ['a key in Base64', Buffer.from(key).toString('base64'), 'the content of a PEM file'],
    ['a key in DER', key.replaceAll(/-----.*-----|\n/g, ''), 'the content of a PEM file'],
    ['several lines', 'hunter2\nhunter2', 'a value of several lines'],
  ])('are not shown in an error about a path: %s', (_, content, found) => {
    const load = () => loadClickHouseConfig({}, { CLICKHOUSE_URL: url, CLICKHOUSE_CERT_FILE: certFile, CLICKHOUSE_KEY_FILE: content });
    expect(load).toThrow(expect.objectContaining({ problems: [{ key: 'CLICKHOUSE_KEY_FILE', found, expected: 'its path' }] }));
  });

  it('are also read from variables, and described by their paths', () => {
    const config = loadClickHouseConfig(
      {},
      { CLICKHOUSE_URL: url, CLICKHOUSE_CA_FILE: caFile, CLICKHOUSE_CERT_FILE: certFile, CLICKHOUSE_KEY_FILE: keyFile },
    );
    expect(describeConfig(config)).toEqual(
      expect.arrayContaining([
        { key: 'caFile', value: caFile, source: 'CLICKHOUSE_CA_FILE' },
        { key: 'keyFile', value: keyFile, source: 'CLICKHOUSE_KEY_FILE' },
      ]),
    );
    expect(() => loadClickHouseConfig({}, { CLICKHOUSE_URL: url, CLICKHOUSE_CA_CERT: caFile })).toThrow(/CLICKHOUSE_CA_FILE/);
  });

  it('of one connection are not used for another', () => {
    const config = loadClickHouseConfig(
      { connection: 'other' },
      { CLICKHOUSE_URL: url, CLICKHOUSE_CERT_FILE: certFile, CLICKHOUSE_KEY_FILE: keyFile, CLICKHOUSE_OTHER_URL: 'https://elsewhere' },
    );
    expect(config.engine).toMatchObject({ certFile: undefined, keyFile: undefined });
  });
});
