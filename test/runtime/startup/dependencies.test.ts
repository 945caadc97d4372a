import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  assertDependencies,
  closeClickHouse,
  ConnectError,
  DependencyError,
  getClickHouseClient,
  validateDependencies,
} from '../../../runtime/src/index.js';
import { createTestService } from '../../../runtime/src/testing.js';

beforeAll(async () => {
  const clickhouse = await getClickHouseClient();
  await clickhouse.command({ query: 'CREATE TABLE visits (id UInt32, name String) ENGINE = MergeTree ORDER BY id' });
});
afterAll(() => closeClickHouse());

const serverError = (code: string) => Object.assign(new Error(`Code: ${code}. DB::Exception: no`), { code, type: 'X' });

describe('the check of the dependencies', () => {
  it('is ok if every expectation is met', async () => {
    const { ok, checks } = await validateDependencies(await getClickHouseClient(), {
      minimumVersion: '21.3',
      tables: { visits: { engine: ['SharedMergeTree', 'MergeTree'], columns: { id: 'UInt32' } }, 'default.visits': {} },
    });
    expect(checks.map(({ check, status }) => `${check}: ${status}`)).toEqual([
      'reachable: ok',
      'authenticated: ok',
      'query: ok',
      'version: ok',
      'table visits: ok',
      'table default.visits: ok',
    ]);
    expect(ok).toBe(true);
  });

  it('reports every failed check at once, with what was found', async () => {
    const assertion = assertDependencies(await getClickHouseClient(), {
      minimumVersion: '999.1',
      tables: { visits: { engine: 'Log', columns: { id: 'UInt64', at: 'DateTime', name: 'String' } }, "no'where": {} },
    });
    const error: unknown = await assertion.catch((thrown: unknown) => thrown);
    if (!(error instanceof DependencyError)) throw new Error('no DependencyError was thrown');
    expect(error.checks.filter(({ status }) => status === 'failed')).toMatchObject([
      { check: 'version', expected: '999.1 or newer' },
      {
        check: 'table visits',
        found: 'engine MergeTree, column id UInt32, column at missing',
        expected: 'engine Log, column id UInt64, column at DateTime',
      },
      { check: "table no'where", expected: 'a table' },
    ]);
    for (const name of ['version', 'table visits', "no'where"]) expect(error.message).toContain(name);
  });

  it.each([
    [
      'reachable',
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      ['failed', 'skipped', 'skipped', 'skipped'],
    ],
    ['authenticated', serverError('516'), ['ok', 'failed', 'skipped', 'skipped']],
    ['query', serverError('241'), ['ok', 'ok', 'failed', 'skipped']],
  ])('skips the checks after "%s" if that fails', async (step, error, statuses) => {
    const { ok, checks } = await validateDependencies(createTestService([{ when: 'version()', error }]), { tables: { visits: {} } });
    expect(ok).toBe(false);
    expect(checks.map(({ status }) => status)).toEqual(statuses);
    expect(checks.at(-1)).toMatchObject({ reason: `"${step}" failed` });
  });

  it('has a remedy for a missing database', async () => {
    const error = serverError('81');
    const { checks } = await validateDependencies(createTestService([{ when: 'version()', error }]));
    expect(checks.at(-1)).toMatchObject({ check: 'query', remedy: 'Create the database, or check CLICKHOUSE_DATABASE.' });
  });

  it('has in a log all its checks, without the message of the server', async () => {
    const error = Object.assign(new Error('Code: 60. DB::Exception: no table in SELECT secret. (UNKNOWN_TABLE)'), {
      code: '60',
      type: 'UNKNOWN_TABLE',
    });
    const assertion = assertDependencies(createTestService([{ when: 'version()', error }]), { tables: { visits: {} } });
    const failure: unknown = await assertion.catch((thrown: unknown) => thrown);
    if (!(failure instanceof DependencyError)) throw new Error('no DependencyError was thrown');
    expect(failure.message).toContain('secret');
    const logged = JSON.stringify(failure);
    expect(logged).not.toContain('secret');
    expect(JSON.parse(logged)).toMatchObject({
      code: 'DEPENDENCY_FAILED',
      message: expect.stringContaining(
        'query: found ClickHouse answered code 60 (UNKNOWN_TABLE), expected a successful response',
      ) as unknown,
      checks: [
        { check: 'reachable', status: 'ok' },
        { check: 'authenticated', status: 'ok' },
        { check: 'query', status: 'failed', remedy: expect.any(String) as unknown, cause: { kind: 'ServerError', code: '60' } },
        { check: 'table visits', status: 'skipped' },
      ],
    });
  });

  it('has the error of the statement as its cause', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED', syscall: 'connect' });
    await expect(assertDependencies(createTestService([{ when: 'version()', error: refused }]))).rejects.toMatchObject({
      cause: expect.any(ConnectError),
    });
  });

  it.each([
    ['24.3.1.2', '24.3', true],
    ['24.10.1', '24.9', true],
    ['24.2.9', '24.3', false],
    ['18.16.1', '24', false],
    ['nonsense', '24', false],
  ])('of version %s with minimumVersion %s is ok: %s', async (version, minimumVersion, ok) => {
    const service = createTestService([{ when: 'version()', rows: [{ version, database: 'default' }] }]);
    expect((await validateDependencies(service, { minimumVersion })).ok).toBe(ok);
  });
});
