import { describe, expect, it } from 'vitest';
import { ConfigError, loadClickHouseConfig, type WebConfigInput } from '../../../runtime/src/web.js';

const url = 'https://host:8443';

function problemsOf(env: object, input: WebConfigInput = {}): ConfigError['problems'] {
  try {
    loadClickHouseConfig(input, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the variables of a Worker', () => {
  it('may be numbers and booleans, which JSON in its configuration has', () => {
    const env = { CLICKHOUSE_URL: url, CLICKHOUSE_MAX_CONCURRENT_STATEMENTS: 5, CLICKHOUSE_COMPRESS_RESPONSES: true };
    const config = loadClickHouseConfig({}, env);
    expect(config).toMatchObject({ maxConcurrentStatements: 5, engine: { compressResponses: true } });
    expect(config.provenance['maxConcurrentStatements']).toBe('CLICKHOUSE_MAX_CONCURRENT_STATEMENTS');
  });

  it('are checked as texts are', () => {
    expect(problemsOf({ CLICKHOUSE_URL: url, CLICKHOUSE_MAX_CONCURRENT_STATEMENTS: 0.5 })).toMatchObject([
      { key: 'CLICKHOUSE_MAX_CONCURRENT_STATEMENTS' },
    ]);
  });

  it.each([
    ['a secret of the Secrets Store', { get: () => Promise.resolve('secret') }, 'a value of the type object'],
    ['an array', ['secret'], 'an array'],
    ['null', null, 'null'],
  ])('are not ignored without a word if one is %s', (_, value, found) => {
    const problem = { found, expected: expect.stringContaining('a text, a number or a boolean') };
    expect(problemsOf({ CLICKHOUSE_URL: url, CLICKHOUSE_PASSWORD: value })).toMatchObject([{ key: 'CLICKHOUSE_PASSWORD', ...problem }]);
    expect(problemsOf({ CLICKHOUSE_URL: value })).toMatchObject([{ key: 'CLICKHOUSE_URL', ...problem }]);
    const named = { CLICKHOUSE_LOGS_URL: url, CLICKHOUSE_LOGS_PASSWORD: value };
    expect(problemsOf(named, { connection: 'logs' })).toMatchObject([{ key: 'CLICKHOUSE_LOGS_PASSWORD', ...problem }]);
  });

  it('need an input that is valid', () => {
    for (const input of [null, { connection: 5 }]) {
      const load = (): unknown => Reflect.apply(loadClickHouseConfig, undefined, [input, { CLICKHOUSE_URL: url }]);
      expect(load).toThrow(ConfigError);
    }
  });

  it('may be undefined, and a binding may have another name', () => {
    expect(problemsOf({ CLICKHOUSE_URL: url, CLICKHOUSE_PASSWORD: undefined, CLICKHOUSE_TUNNEL: { fetch } })).toEqual([]);
  });
});
