import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseService,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { cached, fileSecret, keepCredentialsFresh, type SecretSource } from '../../../runtime/src/secrets.js';
import { fakeServer, type FakeServer, deferred } from '../harness/fake-server.js';

interface PasswordServer extends AsyncDisposable {
  password: string;
  readonly server: FakeServer;
  readonly manager: ClickHouseConnectionManager;
}

/** Starts a server that accepts the current `password`, and a manager with the first one. It resets the first `resets` connections. */
async function passwordServer({ resets = 0 } = {}): Promise<PasswordServer> {
  let resetsLeft = resets;
  const server = await fakeServer((response, { headers }) => {
    if (resetsLeft-- > 0) return void response.socket?.resetAndDestroy();
    const isAccepted = headers.authorization === `Basic ${Buffer.from(`default:${guard.password}`).toString('base64')}`;
    if (isAccepted) response.end('{"n":1}\n');
    else
      response
        .writeHead(403, { 'x-clickhouse-exception-code': '516' })
        .end('Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)');
  });
  const config = loadClickHouseConfig({ url: server.url, password: 'first', maxConcurrentStatements: 100 }, {});
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  const guard: PasswordServer = {
    password: 'first',
    server,
    manager,
    [Symbol.asyncDispose]: async () => {
      await manager.close();
      await server[Symbol.asyncDispose]();
    },
  };
  return guard;
}

function countingSource(get: () => string): SecretSource & { reads: number } {
  const source = {
    reads: 0,
    get: () => {
      source.reads++;
      return Promise.resolve(get());
    },
    describe: () => 'a source',
  };
  return source;
}

const select = { query: 'SELECT 1 AS n', format: 'JSONEachRow' } as const;

/** Returns the query id of each statement, in the order of arrival. A rotation checks the new connection with a GET request. */
function queryIdsAt({ requests }: FakeServer): (string | null)[] {
  return requests
    .filter((request) => request.startsWith('POST'))
    .map((request) => new URLSearchParams(request.slice(request.indexOf('?') + 1)).get('query_id'));
}

describe('fault 13: a wrong password', () => {
  it('causes one refresh for all rejected statements, and the next one after a pause', async () => {
    await using guard = await passwordServer();
    const source = countingSource(() => 'first');
    let now = 0;
    using fresh = keepCredentialsFresh(guard.manager, source, { pauseMs: 100, now: () => now });
    guard.password = 'unknown to the source';
    const failures = await Promise.allSettled(Array.from({ length: 20 }, () => guard.manager.service.query(select)));
    expect(failures.every((outcome) => outcome.status === 'rejected' && outcome.reason instanceof AuthenticationError)).toBe(true);
    expect([source.reads, guard.server.requests.length]).toEqual([1, 20]);
    await expect(guard.manager.service.query(select)).rejects.toThrow(AuthenticationError);
    expect(source.reads).toBe(1);
    now = 100;
    await expect(guard.manager.service.query(select)).rejects.toThrow(AuthenticationError);
    expect(source.reads).toBe(2);
  });

  it('is replaced by one rotation, and each rejected statement is sent once more', async () => {
    await using guard = await passwordServer();
    const source = countingSource(() => 'second');
    using fresh = keepCredentialsFresh(guard.manager, source);
    guard.password = 'second';
    const results = await Promise.all(Array.from({ length: 20 }, () => guard.manager.service.query(select)));
    for (const result of results) expect(await result.json()).toEqual([{ n: 1 }]);
    expect(source.reads).toBe(1);
    expect(guard.manager.config.provenance).toMatchObject({ password: 'secret: a source' });
    expect(await guard.manager.service.ping({ select: true })).toMatchObject({ success: true });
  });

  it('of the source does not replace a working one, and the failure is reported', async () => {
    await using guard = await passwordServer();
    const failures: unknown[] = [];
    using fresh = keepCredentialsFresh(
      guard.manager,
      countingSource(() => 'wrong'),
      { onFailure: (failure) => failures.push(failure) },
    );
    expect(await fresh.refresh()).toBe(false);
    expect(failures).toMatchObject([{ kind: 'AuthenticationError' }]);
    expect(await (await guard.manager.service.query(select)).json()).toEqual([{ n: 1 }]);
  });

  it('fails an insert from a stream, and the next insert succeeds', async () => {
    await using guard = await passwordServer();
    using fresh = keepCredentialsFresh(
      guard.manager,
      countingSource(() => 'second'),
    );
    guard.password = 'second';
    const insert = () => guard.manager.service.insert({ table: 't', values: Readable.from([{ n: 1 }]), format: 'JSONEachRow' });
    await expect(insert()).rejects.toThrow();
    await insert();
  });
});

describe('a secret that changes', () => {
  const changing = (get: SecretSource['get']) => {
    const source = {
      get,
      change: (): void => undefined,
      onChange: (listener: () => void) => {
        source.change = listener;
        return () => undefined;
      },
      describe: () => 'a source',
    };
    return source;
  };

  it('during a refresh causes another refresh', async () => {
    await using guard = await passwordServer();
    const secrets = [deferred<string>(), deferred<string>()];
    let reads = 0;
    const source = changing(() => secrets[reads++]?.promise ?? Promise.reject(new Error('There was no third change.')));
    using fresh = keepCredentialsFresh(guard.manager, source);
    source.change();
    source.change();
    guard.password = 'second';
    secrets[0]?.resolve('second');
    secrets[1]?.resolve('third');
    guard.password = 'third';
    expect(await fresh.refresh()).toBe(true);
    expect(guard.manager.config.engine).toMatchObject({ kind: 'server' });
    expect(await (await guard.manager.service.query(select)).json()).toEqual([{ n: 1 }]);
    expect(reads).toBe(2);
  });

  it('is read again after about ttlMs, and causes a rotation only if it is new', async () => {
    await using guard = await passwordServer();
    let secret = 'first';
    const source = countingSource(() => secret);
    const fresh = keepCredentialsFresh(guard.manager, cached(source, { ttlMs: 20 }));
    await expect.poll(() => source.reads).toBeGreaterThan(2);
    expect(guard.manager.stats.created).toBe(0);
    secret = guard.password = 'second';
    await expect.poll(() => guard.manager.config.provenance['password']).toBe('secret: a source');
    fresh[Symbol.dispose]();
    await fresh.refresh();
    const { reads } = source;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(source.reads).toBe(reads);
  });

  it('is not read by a timer for a ttlMs of 0, infinity or more than a timer allows', async () => {
    await using guard = await passwordServer();
    const source = countingSource(() => 'first');
    for (const ttlMs of [0, Number.POSITIVE_INFINITY, 2 ** 40]) {
      using _ = keepCredentialsFresh(guard.manager, cached(source, { ttlMs }));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(source.reads).toBe(0);
  });

  it('in a missing folder is reported to onFailure', async () => {
    await using guard = await passwordServer();
    const failures: unknown[] = [];
    using _ = keepCredentialsFresh(guard.manager, fileSecret('/nowhere/password'), { onFailure: (failure) => failures.push(failure) });
    expect(failures).toMatchObject([{ code: 'ENOENT' }]);
  });
});

describe('a secret whose rotation is in progress', () => {
  const rotating = (pending: string | undefined) => ({ ...countingSource(() => 'first'), getPending: () => Promise.resolve(pending) });

  it('is read from the pending version if the server rejects the current one', async () => {
    await using guard = await passwordServer();
    using fresh = keepCredentialsFresh(guard.manager, cached(rotating('second'), { ttlMs: 100_000 }));
    expect(await fresh.refresh()).toBe(false);
    guard.password = 'second';
    expect(await (await guard.manager.service.query(select)).json()).toEqual([{ n: 1 }]);
  });

  it('is not replaced if there is no pending version, or the server rejects it as well', async () => {
    for (const pending of [undefined, 'wrong']) {
      await using guard = await passwordServer();
      const failures: unknown[] = [];
      using _ = keepCredentialsFresh(guard.manager, rotating(pending), { onFailure: (failure) => failures.push(failure) });
      guard.password = 'second';
      await expect(guard.manager.service.query(select)).rejects.toThrow(AuthenticationError);
      expect(failures).toHaveLength(pending === undefined ? 0 : 1);
    }
  });
});

describe('a rejected statement', () => {
  it('waits for another secret until its deadline', async () => {
    await using guard = await passwordServer();
    using _ = keepCredentialsFresh(guard.manager, { get: () => new Promise(() => undefined), describe: () => 'a store without an answer' });
    guard.password = 'second';
    await expect(guard.manager.serviceWith({ deadlineMs: 50 }).query(select)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(guard.manager.stats.inUse).toBe(0);
  });

  it('is sent once more after a rotation by other code', async () => {
    await using guard = await passwordServer();
    const { manager } = guard;
    const registration = manager.onAuthenticationFailure(() =>
      manager.rotate(loadClickHouseConfig({ url: guard.server.url, password: 'second' }, {})),
    );
    guard.password = 'second';
    expect(await (await manager.service.query(select)).json()).toEqual([{ n: 1 }]);
    registration[Symbol.dispose]();
    guard.password = 'third';
    await expect(manager.service.query(select)).rejects.toThrow(AuthenticationError);
    expect(manager.stats).toMatchObject({ inUse: 0, created: 2 });
  });
});

describe('an attempt after a refresh', () => {
  const secondSecret = () => countingSource(() => 'second');
  const run = {
    query: (service: ClickHouseService, id: { query_id?: string }) => service.query({ ...select, ...id }),
    command: (service: ClickHouseService, id: { query_id?: string }) => service.command({ query: 'SELECT 1', ...id }),
    exec: (service: ClickHouseService, id: { query_id?: string }) => service.exec({ query: 'SELECT 1', ...id }),
    insert: (service: ClickHouseService, id: { query_id?: string }) =>
      service.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow', ...id }),
  };
  const methods = ['query', 'command', 'exec', 'insert'] as const;

  it.each(methods)('has the query id of the caller with its number appended, and the result names it: %s', async (method) => {
    await using guard = await passwordServer();
    using _ = keepCredentialsFresh(guard.manager, secondSecret());
    guard.password = 'second';
    const { query_id } = await run[method](guard.manager.service, { query_id: 'own' });
    expect(queryIdsAt(guard.server)).toEqual(['own', 'own.2']);
    expect(query_id).toBe('own.2');
  });

  it.each(methods.flatMap((method) => [{}, { query_id: '' }].map((id) => ({ method, id }))))(
    'has a new query id if the caller set none: $method $id',
    async ({ method, id }) => {
      await using guard = await passwordServer();
      using _ = keepCredentialsFresh(guard.manager, secondSecret());
      guard.password = 'second';
      const result = await run[method](guard.manager.service, id);
      const ids = queryIdsAt(guard.server);
      expect(ids).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), result.query_id]);
      expect(ids[0]).not.toBe(ids[1]);
    },
  );

  // An insert whose connection was lost is ambiguous, so it is not sent again.
  it.each(['query', 'command', 'exec'] as const)('continues the numbers of earlier retries: %s', async (method) => {
    await using guard = await passwordServer({ resets: 1 });
    using _ = keepCredentialsFresh(guard.manager, secondSecret());
    guard.password = 'second';
    await run[method](guard.manager.service, { query_id: 'own' });
    expect(queryIdsAt(guard.server)).toEqual(['own', 'own.2', 'own.3']);
  });

  it('that fails has its own id in the error, and the error counts all attempts', async () => {
    await using guard = await passwordServer({ resets: 1 });
    using _ = guard.manager.onAuthenticationFailure(async () => {
      await guard.manager.rotate(loadClickHouseConfig({ url: guard.server.url, password: 'second' }, {}));
      guard.password = 'third';
    });
    guard.password = 'second';
    const failure: unknown = await run.query(guard.manager.service, { query_id: 'own' }).catch((error: unknown) => error);
    expect(queryIdsAt(guard.server)).toEqual(['own', 'own.2', 'own.3']);
    expect(failure).toMatchObject({ kind: 'AuthenticationError', queryId: 'own.3', attempts: 3 });
  });
});

describe('fault 14: a secret that is rotated under load', () => {
  it('fails no read: results of the old connection are read to their end, and then it is closed', async () => {
    await using guard = await passwordServer();
    let secret = 'first';
    let change = (): void => undefined;
    const source: SecretSource = {
      ...countingSource(() => secret),
      onChange: (listener) => {
        change = listener;
        return () => undefined;
      },
    };
    using fresh = keepCredentialsFresh(guard.manager, source);
    const unread = await guard.manager.service.query(select);
    const rotated = deferred<undefined>();
    const readers = Array.from({ length: 10 }, async () => {
      // Each reader reads once more after the rotation.
      for (let isOver = false, reads = 1; !isOver; reads++) {
        isOver = guard.manager.config.provenance['password'] === 'secret: a source';
        expect(await (await guard.manager.service.query(select)).json()).toEqual([{ n: 1 }]);
        if (reads === 3) rotated.resolve(undefined);
      }
    });
    await rotated.promise;
    secret = guard.password = 'second';
    change();
    await Promise.all(readers);
    expect(await unread.json()).toEqual([{ n: 1 }]);
    expect(guard.manager.stats).toMatchObject({ inUse: 0, waiting: 0, created: 2 });
  });
});
