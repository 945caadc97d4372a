import { describe, expect, it } from 'vitest';
import { ConfigError, describeConfig, loadClickHouseConfig } from '../../../runtime/src/web.js';

const url = 'https://host:8443';

/** Returns the problems of a configuration. */
function problemsOf(load: () => unknown): ConfigError['problems'] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the configuration without Node.js', () => {
  it('reads no variable unless it gets them', () => {
    process.env['CLICKHOUSE_URL'] = 'https://elsewhere:8443';
    try {
      expect(problemsOf(() => loadClickHouseConfig())).toMatchObject([{ key: 'url', found: 'nothing' }]);
    } finally {
      delete process.env['CLICKHOUSE_URL'];
    }
  });

  it('reads the texts of an object, and leaves the bindings of a Worker out', () => {
    const env = { CLICKHOUSE_URL: url, CLICKHOUSE_PASSWORD: 'secret', CLICKHOUSE_BUCKET: { get: () => undefined } };
    const config = loadClickHouseConfig({}, env);
    expect(config.engine).toMatchObject({ kind: 'server', url });
    expect(config.engine.password.reveal()).toBe('secret');
    expect(JSON.stringify(config)).not.toContain('secret');
  });

  it('requires a server in every environment, since the embedded engine needs Node.js', () => {
    expect(problemsOf(() => loadClickHouseConfig({}, { NODE_ENV: 'test' }))).toMatchObject([
      { key: 'CLICKHOUSE_URL', found: 'nothing', expected: expect.stringContaining('the embedded engine needs Node.js') },
    ]);
  });

  it.each([
    ['CLICKHOUSE_CONNECT_TIMEOUT_MS', '100', 'requestTimeoutMs includes that time'],
    ['CLICKHOUSE_MAX_LIFETIME_MS', '100', 'the run time opens and closes the connections'],
    ['CLICKHOUSE_LEAK_DETECTION_THRESHOLD_MS', '100', 'only Node.js has it'],
    ['CLICKHOUSE_APPLICATION', 'app', '@clickhouse/client-web does not send it'],
    ['CLICKHOUSE_CA_FILE', '/ca.pem', 'the run time decides which TLS certificates'],
    ['CLICKHOUSE_COMPRESS_REQUESTS', 'true', 'does not compress requests'],
  ])('rejects %s, which would have no effect', (key, value, expected) => {
    expect(problemsOf(() => loadClickHouseConfig({ url }, { [key]: value }))).toMatchObject([
      { key, found: 'a value that has no effect here', expected: expect.stringContaining(expected) },
    ]);
  });

  it('accepts compression that is off', () => {
    expect(problemsOf(() => loadClickHouseConfig({ url }, { CLICKHOUSE_COMPRESS_REQUESTS: 'false' }))).toEqual([]);
  });

  it('rejects options of the client for Node.js, and names the place of fetch', () => {
    const client: object = { keep_alive: { enabled: true }, fetch };
    expect(problemsOf(() => loadClickHouseConfig({ url, client }))).toMatchObject([
      { key: 'client.keep_alive', found: 'an unknown key' },
      { key: 'client.fetch', expected: 'the option "fetch" of createClickHouseService()' },
    ]);
  });

  it('rejects headers that belong to a key', () => {
    expect(problemsOf(() => loadClickHouseConfig({ url, client: { http_headers: { authorization: 'x' } } }))).toHaveLength(1);
  });

  it('shows each value with its source', () => {
    const rows = describeConfig(loadClickHouseConfig({ url }, { CLICKHOUSE_USER: 'reader' }));
    expect(rows).toContainEqual({ key: 'host', value: 'host', source: 'code (url)' });
    expect(rows.map(({ key }) => key)).not.toContain('connectTimeoutMs');
  });
});
