import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { cached, fileSecret, keepCredentialsFresh, type SecretSource } from '../../../runtime/src/secrets.js';
import { fakeServer, type FakeServer, held } from '../harness/fake-server.js';

interface Guarded extends AsyncDisposable {
  password: string;
  readonly server: FakeServer;
  readonly manager: ClickHouseConnectionManager;
}

/** A server that lets in whoever knows its password of the moment, and a manager that knows the first one. */
async function guarded(): Promise<Guarded> {
  const server = await fakeServer((response, { headers }) => {
    const isKnown = headers.authorization === `Basic ${Buffer.from(`default:${guard.password}`).toString('base64')}`;
    if (isKnown) response.end('{"n":1}\n');
    else
      response
        .writeHead(403, { 'x-clickhouse-exception-code': '516' })
        .end('Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)');
  });
  const config = loadClickHouseConfig({ url: server.url, password: 'first', maxConcurrentStatements: 100 }, {});
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  const guard: Guarded = {
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

function counted(get: () => string): SecretSource & { asked: number } {
  const source = {
    asked: 0,
    get: () => {
      source.asked++;
      return Promise.resolve(get());
    },
    describe: () => 'a source',
  };
  return source;
}

const question = { query: 'SELECT 1 AS n', format: 'JSONEachRow' } as const;

describe('fault 13: a wrong password', () => {
  it('has one refresh for all who are refused, and then none until a pause is over', async () => {
    await using guard = await guarded();
    const source = counted(() => 'first');
    let now = 0;
    using fresh = keepCredentialsFresh(guard.manager, source, { pauseMs: 100, now: () => now });
    guard.password = 'changed behind the back of the source';
    const failures = await Promise.allSettled(Array.from({ length: 20 }, () => guard.manager.service.query(question)));
    expect(failures.every((outcome) => outcome.status === 'rejected' && outcome.reason instanceof AuthenticationError)).toBe(true);
    expect([source.asked, guard.server.requests.length]).toEqual([1, 20]);
    await expect(guard.manager.service.query(question)).rejects.toThrow(AuthenticationError);
    expect(source.asked).toBe(1);
    now = 100;
    await expect(guard.manager.service.query(question)).rejects.toThrow(AuthenticationError);
    expect(source.asked).toBe(2);
  });

  it('is replaced for all who are refused by one rotation, and each statement is repeated once', async () => {
    await using guard = await guarded();
    const source = counted(() => 'second');
    using fresh = keepCredentialsFresh(guard.manager, source);
    guard.password = 'second';
    const results = await Promise.all(Array.from({ length: 20 }, () => guard.manager.service.query(question)));
    for (const result of results) expect(await result.json()).toEqual([{ n: 1 }]);
    expect(source.asked).toBe(1);
    expect(guard.manager.config.provenance).toMatchObject({ password: 'secret: a source' });
    expect(await guard.manager.service.ping({ select: true })).toMatchObject({ success: true });
  });

  it('that the source has as well stays out: what works goes on, and the failure is told', async () => {
    await using guard = await guarded();
    const told: unknown[] = [];
    using fresh = keepCredentialsFresh(
      guard.manager,
      counted(() => 'wrong'),
      { onFailure: (failure) => told.push(failure) },
    );
    expect(await fresh.refresh()).toBe(false);
    expect(told).toMatchObject([{ code: 'AUTHENTICATION_FAILED' }]);
    expect(await (await guard.manager.service.query(question)).json()).toEqual([{ n: 1 }]);
  });

  it('has no insert repeated whose rows have been read; the next one goes through', async () => {
    await using guard = await guarded();
    using fresh = keepCredentialsFresh(
      guard.manager,
      counted(() => 'second'),
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

  it('while a change before it is being followed is followed as well', async () => {
    await using guard = await guarded();
    const answers = [held<string>(), held<string>()];
    let asked = 0;
    const source = changing(() => answers[asked++]?.promise ?? Promise.reject(new Error('Nobody changed anything.')));
    using fresh = keepCredentialsFresh(guard.manager, source);
    source.change();
    source.change();
    guard.password = 'second';
    answers[0]?.resolve('second');
    answers[1]?.resolve('third');
    guard.password = 'third';
    expect(await fresh.refresh()).toBe(true);
    expect(guard.manager.config.engine).toMatchObject({ kind: 'server' });
    expect(await (await guard.manager.service.query(question)).json()).toEqual([{ n: 1 }]);
    expect(asked).toBe(2);
  });

  it('is asked for again after about its time, and rotated to only if it is another one', async () => {
    await using guard = await guarded();
    let secret = 'first';
    const source = counted(() => secret);
    const fresh = keepCredentialsFresh(guard.manager, cached(source, { ttlMs: 20 }));
    await expect.poll(() => source.asked).toBeGreaterThan(2);
    expect(guard.manager.stats.created).toBe(0);
    secret = guard.password = 'second';
    await expect.poll(() => guard.manager.config.provenance['password']).toBe('secret: a source');
    fresh[Symbol.dispose]();
    await fresh.refresh();
    const { asked } = source;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(source.asked).toBe(asked);
  });

  it('is asked for by nobody’s clock where it has no time, or one without end', async () => {
    await using guard = await guarded();
    const source = counted(() => 'first');
    for (const ttlMs of [0, Number.POSITIVE_INFINITY, 2 ** 40]) {
      using _ = keepCredentialsFresh(guard.manager, cached(source, { ttlMs }));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(source.asked).toBe(0);
  });

  it('cannot be told of in a folder that is not there, which is told instead of thrown', async () => {
    await using guard = await guarded();
    const told: unknown[] = [];
    using _ = keepCredentialsFresh(guard.manager, fileSecret('/nowhere/password'), { onFailure: (failure) => told.push(failure) });
    expect(told).toMatchObject([{ code: 'ENOENT' }]);
  });
});

describe('a secret whose rotation is under way', () => {
  const rotating = (pending: string | undefined) => ({ ...counted(() => 'first'), getPending: () => Promise.resolve(pending) });

  it('is taken from the version that is pending, where the server refuses the current one', async () => {
    await using guard = await guarded();
    using fresh = keepCredentialsFresh(guard.manager, cached(rotating('second'), { ttlMs: 100_000 }));
    expect(await fresh.refresh()).toBe(false);
    guard.password = 'second';
    expect(await (await guard.manager.service.query(question)).json()).toEqual([{ n: 1 }]);
  });

  it('is not, where none is pending, or the server refuses that one as well', async () => {
    for (const pending of [undefined, 'wrong']) {
      await using guard = await guarded();
      const told: unknown[] = [];
      using _ = keepCredentialsFresh(guard.manager, rotating(pending), { onFailure: (failure) => told.push(failure) });
      guard.password = 'second';
      await expect(guard.manager.service.query(question)).rejects.toThrow(AuthenticationError);
      expect(told).toHaveLength(pending === undefined ? 0 : 1);
    }
  });
});

describe('who was refused', () => {
  it('waits no longer for another secret than his deadline lets him', async () => {
    await using guard = await guarded();
    using _ = keepCredentialsFresh(guard.manager, { get: () => new Promise(() => undefined), describe: () => 'a store that hangs' });
    guard.password = 'second';
    await expect(guard.manager.serviceWith({ deadlineMs: 50 }).query(question)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(guard.manager.stats.inUse).toBe(0);
  });

  it('is sent once more where somebody has rotated meanwhile, by whatever means', async () => {
    await using guard = await guarded();
    const { manager } = guard;
    const renewal = manager.onAuthenticationFailure(() =>
      manager.rotate(loadClickHouseConfig({ url: guard.server.url, password: 'second' }, {})),
    );
    guard.password = 'second';
    expect(await (await manager.service.query(question)).json()).toEqual([{ n: 1 }]);
    renewal[Symbol.dispose]();
    guard.password = 'third';
    await expect(manager.service.query(question)).rejects.toThrow(AuthenticationError);
    expect(manager.stats).toMatchObject({ inUse: 0, created: 2 });
  });
});

describe('fault 14: a secret that is rotated under load', () => {
  it('costs no read: results of the old generation are read to their end, and it is gone then', async () => {
    await using guard = await guarded();
    let secret = 'first';
    let change = (): void => undefined;
    const source: SecretSource = {
      ...counted(() => secret),
      onChange: (listener) => {
        change = listener;
        return () => undefined;
      },
    };
    using fresh = keepCredentialsFresh(guard.manager, source);
    const unread = await guard.manager.service.query(question);
    const rotated = held<undefined>();
    const readers = Array.from({ length: 10 }, async () => {
      // Whoever sees that it is over reads once more.
      for (let isOver = false, reads = 1; !isOver; reads++) {
        isOver = guard.manager.config.provenance['password'] === 'secret: a source';
        expect(await (await guard.manager.service.query(question)).json()).toEqual([{ n: 1 }]);
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
