import { describe, expect, it } from 'vitest';
import { ConfigError, detectEnvironment, loadClickHouseConfig } from '../../../runtime/src/index.js';

describe('the environment of the process', () => {
  it.each([
    [{ CLICKHOUSE_ENV: 'staging', APP_ENV: 'production', NODE_ENV: 'test' }, 'staging', 'CLICKHOUSE_ENV=staging'],
    [{ APP_ENV: 'Prod', NODE_ENV: 'development' }, 'production', 'APP_ENV=Prod'],
    [{ NODE_ENV: 'test' }, 'test', 'NODE_ENV=test'],
    [{ APP_ENV: '', NODE_ENV: 'production' }, 'production', 'NODE_ENV=production'],
    [{ JEST_WORKER_ID: '1' }, 'test', 'JEST_WORKER_ID is set'],
    [{}, 'development', 'none of CLICKHOUSE_ENV, APP_ENV, NODE_ENV is set'],
  ])('%j is %s, because %s', (env, environment, evidence) => {
    expect(detectEnvironment(env)).toEqual({ environment, evidence });
  });

  it('is production, with a problem, if the variable has an unknown value', () => {
    expect(detectEnvironment({ NODE_ENV: 'stagign' })).toMatchObject({
      environment: 'production',
      problem: { key: 'NODE_ENV', found: '"stagign"', expected: expect.stringContaining('nearest: staging') as string },
    });
    expect(detectEnvironment({ APP_ENV: 'europe' }).problem?.expected).not.toContain('nearest');
  });

  it.each(['NODE_ENV', 'APP_ENV'])('may have a name of its own in %s if a server is configured', (variable) => {
    const env = { [variable]: 'cloud' };
    expect(loadClickHouseConfig({ url: 'http://ch:8123' }, env).environment).toBe('production');
    expect(loadClickHouseConfig({}, { ...env, CLICKHOUSE_HOST: 'ch' }).environment).toBe('production');
  });

  it.each([
    ['no server is configured', {}, { NODE_ENV: 'cloud' }],
    ['it is in a variable of this package', { url: 'http://ch:8123' }, { CLICKHOUSE_ENV: 'cloud' }],
  ])('is an error with an unknown name if %s', (_, input, env) => {
    const [variable] = Object.keys(env);
    expect(() => loadClickHouseConfig(input, env)).toThrow(ConfigError);
    expect(() => loadClickHouseConfig(input, env)).toThrow(`${variable}: found "cloud"`);
  });
});
