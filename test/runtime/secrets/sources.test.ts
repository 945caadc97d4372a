import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { awsSecret, cached, fileSecret, googleSecret, type SecretSource } from '../../../runtime/src/secrets.js';
import { held } from '../harness/fake-server.js';

const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a secret of Google Secret Manager', () => {
  it('is read by the client that it is given, in its latest version or the one that is named', async () => {
    const asked: string[] = [];
    const client = {
      accessSecretVersion: ({ name }: { name: string }) => {
        asked.push(name);
        return Promise.resolve([{ payload: { data: new TextEncoder().encode('hunter2\n') } }] as const);
      },
    };
    expect(await googleSecret(client, 'projects/x/secrets/y').get()).toBe('hunter2');
    await googleSecret(client, 'projects/x/secrets/y/versions/3').get();
    expect(asked).toEqual(['projects/x/secrets/y/versions/latest', 'projects/x/secrets/y/versions/3']);
  });

  it('is text in Base64 where the REST interface itself is the client, and nothing else', async () => {
    const reading = (data: string) => googleSecret({ accessSecretVersion: async () => [{ payload: { data } }] as const }, 'y').get();
    expect(await reading(Buffer.from('hunter2!?').toString('base64'))).toBe('hunter2!?');
    await expect(reading('hunter2!')).rejects.toThrow('a text for data that is not Base64 in y');
  });

  it('that has no data is no empty password', async () => {
    await expect(googleSecret({ accessSecretVersion: () => Promise.resolve([{}]) }, 'projects/x/secrets/y').get()).rejects.toThrow(
      'projects/x/secrets/y has no data',
    );
  });
});

describe('a secret of AWS Secrets Manager', () => {
  it('is read by a client or by a function, with the user that it names', async () => {
    const answer = { SecretString: '{"username":"reader","password":"hunter2","port":8123}' };
    expect(await awsSecret({ getSecretValue: () => Promise.resolve(answer) }, 'db').get()).toEqual({
      username: 'reader',
      password: 'hunter2',
    });
    expect(await awsSecret(({ SecretId }) => Promise.resolve({ SecretString: `of ${SecretId}` }), 'db').get()).toBe('of db');
  });

  it('that only looks like an object is a password', async () => {
    expect(await awsSecret(() => Promise.resolve({ SecretString: '{hunter2' }), 'db').get()).toBe('{hunter2');
  });

  it('has a version that is pending while it is rotated, and none at other times', async () => {
    const asked: unknown[] = [];
    const source = awsSecret((input) => {
      asked.push(input);
      return Promise.resolve({ SecretString: input.VersionStage === undefined ? 'current' : 'pending' });
    }, 'db');
    expect([await source.get(), await source.getPending?.()]).toEqual(['current', 'pending']);
    expect(asked).toEqual([{ SecretId: 'db' }, { SecretId: 'db', VersionStage: 'AWSPENDING' }]);
    const failing = (name: string) => awsSecret(() => Promise.reject(Object.assign(new Error(name), { name })), 'db').getPending?.();
    expect(await failing('ResourceNotFoundException')).toBeUndefined();
    await expect(failing('AccessDeniedException')).rejects.toThrow('AccessDenied');
  });

  it('that has no value is no empty password', async () => {
    await expect(awsSecret(() => Promise.resolve({}), 'db').get()).rejects.toThrow('db has no value');
  });
});

describe('a secret in a file', () => {
  it('is told of when Kubernetes swaps ..data, and read anew', async () => {
    for (const [version, password] of [
      ['v1', 'old'],
      ['v2', 'new'],
    ] as const) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'password'), password);
    }
    symlinkSync('v1', join(folder, '..data'));
    symlinkSync('..data/password', join(folder, 'password'));
    const source = fileSecret(join(folder, 'password'));
    expect(await source.get()).toBe('old');
    const change = held<undefined>();
    const stop = source.onChange?.(() => change.resolve(undefined));
    // What is known of it is read before what follows can be.
    await source.get();
    symlinkSync('v2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await change.promise;
    stop?.();
    expect(await source.get()).toBe('new');
  });

  it('that is not there says which', async () => {
    await expect(fileSecret(join(folder, 'none')).get()).rejects.toThrow('none');
  });
});

describe('a cached secret', () => {
  function counted(): SecretSource & { answer: () => Promise<string>; asked: number; change: () => void } {
    const source = {
      asked: 0,
      answer: () => Promise.resolve('one'),
      get: () => {
        source.asked++;
        return source.answer();
      },
      change: (): void => undefined,
      onChange: (listener: () => void) => {
        source.change = listener;
        return () => undefined;
      },
      describe: () => 'a source',
    };
    return source;
  }

  it('is asked for once by all who want it, and again when it is older than its time', async () => {
    const source = counted();
    let now = 0;
    const cache = cached(source, { ttlMs: 100, now: () => now });
    await Promise.all([cache.get(), cache.get(), cache.get()]);
    now = 99;
    await cache.get();
    expect(source.asked).toBe(1);
    now = 100;
    await cache.get();
    expect(source.asked).toBe(2);
  });

  it('is asked for again when somebody wants it fresh, and when it has changed', async () => {
    const source = counted();
    const cache = cached(source, { ttlMs: 100, now: () => 0 });
    cache.onChange?.(() => undefined);
    await cache.get();
    await cache.get({ fresh: true });
    expect(source.asked).toBe(2);
    source.change();
    await cache.get();
    expect(source.asked).toBe(3);
  });

  it('is not replaced by what is none', async () => {
    const source = counted();
    const cache = cached(source, { ttlMs: 100, staleMs: 50, now: () => 0 });
    await cache.get();
    source.answer = () => Promise.resolve('');
    expect(await cache.get({ fresh: true })).toBe('one');
  });

  it('stands in for a source that fails, for as long as it may, and says so', async () => {
    const source = counted();
    let now = 0;
    const told: number[] = [];
    const cache = cached(source, { ttlMs: 100, staleMs: 50, now: () => now, onStale: (_, ageMs) => told.push(ageMs) });
    await cache.get();
    source.answer = () => Promise.reject(new Error('outage'));
    now = 120;
    expect(await cache.get()).toBe('one');
    now = 151;
    await expect(cache.get()).rejects.toThrow('outage');
    expect(told).toEqual([120]);
  });
});
