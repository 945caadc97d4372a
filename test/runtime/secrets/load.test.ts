import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../runtime/src/index.js';
import { type Credentials, googleSecret, loadClickHouseConfigWithSecrets, type SecretSource } from '../../../runtime/src/secrets.js';

const env = { CLICKHOUSE_URL: 'https://h' };

function source(get: () => Promise<string | Credentials>): SecretSource {
  return { get, describe: () => 'projects/x/secrets/y' };
}

function storing(secret: string) {
  return { accessSecretVersion: async () => [{ payload: { data: Buffer.from(secret) } }] as const };
}

async function problemsOf(passwordFrom: SecretSource, input: object = {}, variables: Record<string, string> = env): Promise<string> {
  const error: unknown = await loadClickHouseConfigWithSecrets({ ...input, passwordFrom }, variables).catch((failure: unknown) => failure);
  if (!(error instanceof ConfigError)) throw new Error('It was accepted.', { cause: error });
  return error.message;
}

describe('a password from a secret source', () => {
  it('is used where nobody says one, and says where it came from', async () => {
    const { engine, provenance } = await loadClickHouseConfigWithSecrets({ passwordFrom: source(() => Promise.resolve('hunter2')) }, env);
    expect(engine.kind === 'server' && engine.password.reveal()).toBe('hunter2');
    expect(provenance).toMatchObject({ password: 'secret: projects/x/secrets/y', username: 'default' });
  });

  it.each<[string, object, Record<string, string>]>([
    ['code', { password: 'said' }, env],
    ['a variable', {}, { ...env, CLICKHOUSE_PASSWORD: 'said' }],
    ['a URL', {}, { CLICKHOUSE_URL: 'https://default:said@h' }],
  ])('goes after %s, and is not even asked for', async (_, input, variables) => {
    const passwordFrom = source(() => Promise.reject(new Error('asked')));
    const { engine } = await loadClickHouseConfigWithSecrets({ ...input, passwordFrom }, variables);
    expect(engine.kind === 'server' && engine.password.reveal()).toBe('said');
  });

  it('brings its user along', async () => {
    const { engine } = await loadClickHouseConfigWithSecrets(
      { passwordFrom: source(() => Promise.resolve({ username: 'reader', password: 'p' })) },
      env,
    );
    expect(engine).toMatchObject({ username: 'reader' });
  });

  it('is refused when it is that of another user', async () => {
    const message = await problemsOf(
      source(() => Promise.resolve({ username: 'writer', password: 'hunter2' })),
      { username: 'reader' },
    );
    expect(message).toContain('the password of another user in projects/x/secrets/y, expected that of "reader"');
    expect(message).not.toContain('hunter2');
  });

  it.each<[string, () => unknown, string]>([
    ['nothing', () => Promise.resolve(undefined), 'nothing in projects/x/secrets/y'],
    ['an empty one', () => Promise.resolve(''), 'an empty password in'],
    ['an object with an empty one', () => Promise.resolve({ password: ' ' }), 'an empty password in'],
    ['an object without one', () => Promise.resolve({ username: 'hunter2' }), 'an object without a text "password" in'],
    ['a user that is no text', () => Promise.resolve({ username: 1, password: 'hunter2' }), 'a "username" that is no text in'],
    ['a number', () => Promise.resolve(1234567), 'a number in'],
    ['JSON without one', () => googleSecret(storing('{"username":"hunter2"}'), 'projects/x/secrets/y').get(), 'an object without a text'],
    [
      'no data',
      () => googleSecret({ accessSecretVersion: async () => [{}] }, 'projects/x/secrets/y').get(),
      'that projects/x/secrets/y has no data',
    ],
  ])('that is none is told of, with nothing of it: %s', async (_, get, found) => {
    const message = await problemsOf({ ...source(() => Promise.resolve('')), get } as SecretSource);
    expect(message).toContain(`passwordFrom: found ${found}`);
    expect(message).toContain('expected a password, or an object with "password" and perhaps "username"');
    expect(message).not.toMatch(/hunter2|1234567/);
  });

  it.each<[string, unknown, string]>([
    ['Google’s client', Object.assign(new Error('7 PERMISSION_DENIED: hunter2'), { code: 7 }), 'PERMISSION_DENIED (7)'],
    ['a client of HTTP', Object.assign(new Error('hunter2'), { code: 403 }), 'Error 403'],
    ['the AWS SDK', Object.assign(new Error('hunter2'), { name: 'AccessDeniedException' }), 'AccessDeniedException'],
    ['anybody', new Error('hunter2'), 'an error without a code, whose message is not shown, since it may quote the secret'],
    ['somebody careless', 'hunter2', 'something was thrown that is no error'],
  ])('that cannot be had says why, in the words of %s', async (_, failure, why) => {
    const throwing: SecretSource = {
      ...source(() => Promise.resolve('')),
      get: () => {
        throw failure;
      },
    };
    for (const passwordFrom of [
      source(async () => {
        throw failure;
      }),
      throwing,
    ]) {
      const message = await problemsOf(passwordFrom);
      expect(message).toContain(`no secret in projects/x/secrets/y: ${why}, expected`);
      expect(message).not.toContain('hunter2');
    }
  });

  it('that cannot be had is told of together with all other mistakes, and never quoted', async () => {
    const failure = Object.assign(new Error('cannot parse "hunter2"'), { code: 'EACCES' });
    const message = await problemsOf(
      source(async () => {
        throw failure;
      }),
      { port: 70_000 },
    );
    expect(message).toContain('port: ');
    expect(message).toContain('passwordFrom: found no secret in projects/x/secrets/y: Error EACCES');
    expect(message).not.toContain('hunter2');
  });
});
