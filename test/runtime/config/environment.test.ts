import { describe, expect, it } from 'vitest';
import { detectEnvironment } from '../../../runtime/src/index.js';

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
});
