import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClickHouseConnectionFactory, type ClickHouseConfig, ConfigError, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { authority } from '../harness/certificates.js';
import { fakeServer } from '../harness/fake-server.js';

const config = loadClickHouseConfig({ url: 'http://127.0.0.1:9' }, {});

describe('the factory', () => {
  it('a retained client is closed after the last release', async () => {
    await using server = await fakeServer((response) => response.end('Ok.\n'));
    const factory = new ClickHouseConnectionFactory();
    const retained = loadClickHouseConfig({ url: server.url }, {});
    const [one, other] = [factory.retain(retained), factory.retain(retained)];
    const client = await one.client;
    expect(await other.client).toBe(client);
    expect(await client.ping()).toMatchObject({ success: true });
    await one.release();
    expect([factory.sockets, factory.created]).toEqual([{ busy: 0, idle: 1 }, 1]);
    await other.release();
    expect(factory.sockets).toEqual({ busy: 0, idle: 0 });
    expect(await factory.create(retained)).not.toBe(client);
    await factory.close();
  });

  it('evict() lets the next create construct a new client, and current holders keep theirs', async () => {
    await using server = await fakeServer((response) => response.end('Ok.\n'));
    const factory = new ClickHouseConnectionFactory();
    const evicted = loadClickHouseConfig({ url: server.url }, {});
    const first = await factory.create(evicted);
    factory.evict(evicted);
    expect(await factory.create(evicted)).not.toBe(first);
    expect(factory.created).toBe(2);
    expect(await first.ping()).toMatchObject({ success: true });
    await factory.close();
  });

  it('onCreate receives the client and its configuration, and its error reaches the caller unchanged', async () => {
    const error = new Error('not yet');
    const received: ClickHouseConfig[] = [];
    const factory = new ClickHouseConnectionFactory({
      onCreate: (client, own) => {
        expect(client).toHaveProperty('query');
        received.push(own);
        throw error;
      },
    });
    await expect(factory.create(config)).rejects.toBe(error);
    expect(received).toEqual([config]);
  });

  it('a TLS file that is gone since the load is a ConfigError', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tls-'));
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, authority);
    const withFile = loadClickHouseConfig({ url: 'https://127.0.0.1:9', caFile }, {});
    rmSync(folder, { recursive: true });
    await expect(new ClickHouseConnectionFactory().create(withFile)).rejects.toThrow(ConfigError);
  });

  it('a client sends the application as the user agent', async () => {
    const agents: (string | undefined)[] = [];
    await using server = await fakeServer((response, { headers }) => {
      agents.push(headers['user-agent']);
      response.end('Ok.\n');
    });
    const factory = new ClickHouseConnectionFactory();
    const client = await factory.create(loadClickHouseConfig({ url: server.url, application: 'shop' }, {}));
    await client.ping();
    expect(agents).toEqual([expect.stringMatching(/^shop /)]);
    await factory.close();
  });
});
