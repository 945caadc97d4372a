import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { awsSecret, cached, fileSecret, googleSecret, type SecretSource } from '../../../runtime/src/secrets.js';
import { deferred } from '../harness/fake-server.js';

const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a secret of Google Secret Manager', () => {
  it('is read in its latest version, or in the version of its name', async () => {
    const requests: string[] = [];
    const client = {
      accessSecretVersion: ({ name }: { name: string }) => {
        requests.push(name);
        return Promise.resolve([{ payload: { data: new TextEncoder().encode('hunter2\n') } }] as const);
      },
    };
    expect(await googleSecret(client, 'projects/x/secrets/y').get()).toBe('hunter2');
    await googleSecret(client, 'projects/x/secrets/y/versions/3').get();
    expect(requests).toEqual(['projects/x/secrets/y/versions/latest', 'projects/x/secrets/y/versions/3']);
  });

  it('is decoded if it is Base64, as in the REST interface, and rejected if it is another text', async () => {
    const read = (data: string) => googleSecret({ accessSecretVersion: async () => [{ payload: { data } }] as const }, 'y').get();
    expect(await read(Buffer.from('hunter2!?').toString('base64'))).toBe('hunter2!?');
    await expect(read('hunter2!')).rejects.toThrow('data that is not Base64 in y');
  });

  it('without data is rejected', async () => {
    await expect(googleSecret({ accessSecretVersion: () => Promise.resolve([{}]) }, 'projects/x/secrets/y').get()).rejects.toThrow(
      'no data in projects/x/secrets/y',
    );
  });
});

describe('a secret of AWS Secrets Manager', () => {
  it('is read by a client or a function, and may have a user', async () => {
    const response = { SecretString: '{"username":"reader","password":"hunter2","port":8123}' };
    expect(await awsSecret({ getSecretValue: () => Promise.resolve(response) }, 'db').get()).toEqual({
      username: 'reader',
      password: 'hunter2',
    });
    expect(await awsSecret(({ SecretId }) => Promise.resolve({ SecretString: `of ${SecretId}` }), 'db').get()).toBe('of db');
  });

  it('that begins like an object and is not JSON is a password', async () => {
    expect(await awsSecret(() => Promise.resolve({ SecretString: '{hunter2' }), 'db').get()).toBe('{hunter2');
  });

  it('has a pending version during a rotation, and none at other times', async () => {
    const requests: unknown[] = [];
    const source = awsSecret((input) => {
      requests.push(input);
      return Promise.resolve({ SecretString: input.VersionStage === undefined ? 'current' : 'pending' });
    }, 'db');
    expect([await source.get(), await source.getPending?.()]).toEqual(['current', 'pending']);
    expect(requests).toEqual([{ SecretId: 'db' }, { SecretId: 'db', VersionStage: 'AWSPENDING' }]);
    const failing = (name: string) => awsSecret(() => Promise.reject(Object.assign(new Error(name), { name })), 'db').getPending?.();
    expect(await failing('ResourceNotFoundException')).toBeUndefined();
    await expect(failing('AccessDeniedException')).rejects.toThrow('AccessDenied');
  });

  it('without a value is rejected', async () => {
    await expect(awsSecret(() => Promise.resolve({}), 'db').get()).rejects.toThrow('no value in db');
  });
});

describe('a secret in a file', () => {
  it('is read again after Kubernetes replaces ..data', async () => {
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
    const change = deferred<undefined>();
    const stop = source.onChange?.(() => change.resolve(undefined));
    // Reads the file after `onChange` has read it, so that the next write is a change.
    await source.get();
    symlinkSync('v2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await change.promise;
    stop?.();
    expect(await source.get()).toBe('new');
  });

  it('that is missing is an error with its path', async () => {
    await expect(fileSecret(join(folder, 'none')).get()).rejects.toThrow('none');
  });
});

describe('a cached secret', () => {
  function countingSource(): SecretSource & { read: () => Promise<string>; reads: number; change: () => void } {
    const source = {
      reads: 0,
      read: () => Promise.resolve('one'),
      get: () => {
        source.reads++;
        return source.read();
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

  it('is read once for concurrent calls, and again after ttlMs', async () => {
    const source = countingSource();
    let now = 0;
    const cache = cached(source, { ttlMs: 100, now: () => now });
    await Promise.all([cache.get(), cache.get(), cache.get()]);
    now = 99;
    await cache.get();
    expect(source.reads).toBe(1);
    now = 100;
    await cache.get();
    expect(source.reads).toBe(2);
  });

  it('is read again for `fresh` and after a change', async () => {
    const source = countingSource();
    const cache = cached(source, { ttlMs: 100, now: () => 0 });
    cache.onChange?.(() => undefined);
    await cache.get();
    await cache.get({ fresh: true });
    expect(source.reads).toBe(2);
    source.change();
    await cache.get();
    expect(source.reads).toBe(3);
  });

  it('is not replaced by an invalid secret', async () => {
    const source = countingSource();
    const cache = cached(source, { ttlMs: 100, staleMs: 50, now: () => 0 });
    await cache.get();
    source.read = () => Promise.resolve('');
    expect(await cache.get({ fresh: true })).toBe('one');
  });

  it('replaces a failing source for staleMs, and reports it', async () => {
    const source = countingSource();
    let now = 0;
    const ages: number[] = [];
    const cache = cached(source, { ttlMs: 100, staleMs: 50, now: () => now, onStale: (_, ageMs) => ages.push(ageMs) });
    await cache.get();
    source.read = () => Promise.reject(new Error('outage'));
    now = 120;
    expect(await cache.get()).toBe('one');
    now = 151;
    await expect(cache.get()).rejects.toThrow('outage');
    expect(ages).toEqual([120]);
  });
});
