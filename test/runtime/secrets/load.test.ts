import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../runtime/src/index.js';
import { type Credentials, googleSecret, loadClickHouseConfigWithSecrets, type SecretSource } from '../../../runtime/src/secrets.js';

const env = { CLICKHOUSE_URL: 'https://h' };

function sourceWith(get: () => Promise<string | Credentials>): SecretSource {
  return { get, describe: () => 'projects/x/secrets/y' };
}

function clientWith(secret: string) {
  return { accessSecretVersion: async () => [{ payload: { data: Buffer.from(secret) } }] as const };
}

async function problemsOf(passwordFrom: SecretSource, input: object = {}, variables: Record<string, string> = env): Promise<string> {
  const error: unknown = await loadClickHouseConfigWithSecrets({ ...input, passwordFrom }, variables).catch((failure: unknown) => failure);
  if (!(error instanceof ConfigError)) throw new Error('It was accepted.', { cause: error });
  return error.message;
}

describe('a password from a secret source', () => {
  it('is used if no other password is set, and is the provenance', async () => {
    const { engine, provenance } = await loadClickHouseConfigWithSecrets(
      { passwordFrom: sourceWith(() => Promise.resolve('hunter2')) },
      env,
    );
    expect(engine.kind === 'server' && engine.password.reveal()).toBe('hunter2');
    expect(provenance).toMatchObject({ password: 'secret: projects/x/secrets/y', username: 'default' });
  });

  it.each<[string, object, Record<string, string>]>([
    ['code', { password: 'set' }, env],
    ['a variable', {}, { ...env, CLICKHOUSE_PASSWORD: 'set' }],
    ['a URL', {}, { CLICKHOUSE_URL: 'https://default:set@h' }],
  ])('is not read if the password is set by %s', async (_, input, variables) => {
    const passwordFrom = sourceWith(() => Promise.reject(new Error('The source was read.')));
    const { engine } = await loadClickHouseConfigWithSecrets({ ...input, passwordFrom }, variables);
    expect(engine.kind === 'server' && engine.password.reveal()).toBe('set');
  });

  it('may have a user', async () => {
    const { engine } = await loadClickHouseConfigWithSecrets(
      { passwordFrom: sourceWith(() => Promise.resolve({ username: 'reader', password: 'p' })) },
      env,
    );
    expect(engine).toMatchObject({ username: 'reader' });
  });

  it('is rejected if it belongs to another user', async () => {
    const message = await problemsOf(
      sourceWith(() => Promise.resolve({ username: 'writer', password: 'hunter2' })),
      { username: 'reader' },
    );
    expect(message).toContain(
      'the password of another user in projects/x/secrets/y, expected the password of "reader" (username from code)',
    );
    expect(message).not.toContain('hunter2');
  });

  it.each<[string, () => unknown, string]>([
    ['nothing', () => Promise.resolve(undefined), 'nothing in projects/x/secrets/y'],
    ['an empty one', () => Promise.resolve(''), 'an empty password in'],
    ['an object with an empty one', () => Promise.resolve({ password: ' ' }), 'an empty password in'],
    ['an object without one', () => Promise.resolve({ username: 'hunter2' }), 'an object without a text "password" in'],
    [
      'a user that is not a text',
      () => Promise.resolve({ username: 1, password: 'hunter2' }),
      'a "username" that is not a text, or is empty, in',
    ],
    ['a number', () => Promise.resolve(1234567), 'a number in'],
    [
      'JSON without one',
      () => googleSecret(clientWith('{"username":"hunter2"}'), 'projects/x/secrets/y').get(),
      'an object without a text',
    ],
    [
      'no data',
      () => googleSecret({ accessSecretVersion: async () => [{}] }, 'projects/x/secrets/y').get(),
      'no data in projects/x/secrets/y',
    ],
  ])('that is invalid is reported without its content: %s', async (_, get, found) => {
    const message = await problemsOf({ ...sourceWith(() => Promise.resolve('')), get } as SecretSource);
    expect(message).toContain(`passwordFrom: found ${found}`);
    expect(message).toContain('expected a password, or an object with "password" and optionally "username"');
    expect(message).not.toMatch(/hunter2|1234567/);
  });

  it.each<[string, unknown, string]>([
    ['the Google client', Object.assign(new Error('7 PERMISSION_DENIED: hunter2'), { code: 7 }), 'PERMISSION_DENIED (7)'],
    ['an HTTP client', Object.assign(new Error('hunter2'), { code: 403 }), 'Error 403'],
    ['the AWS SDK', Object.assign(new Error('hunter2'), { name: 'AccessDeniedException' }), 'AccessDeniedException'],
    ['other code', new Error('hunter2'), 'an error without a code, whose message is not shown, since it may quote the secret'],
    ['code that throws a text', 'hunter2', 'a thrown value that is not an Error'],
  ])('that cannot be read is reported with the code or the name of the error: %s', async (_, failure, reason) => {
    const throwing: SecretSource = {
      ...sourceWith(() => Promise.resolve('')),
      get: () => {
        throw failure;
      },
    };
    for (const passwordFrom of [
      sourceWith(async () => {
        throw failure;
      }),
      throwing,
    ]) {
      const message = await problemsOf(passwordFrom);
      expect(message).toContain(`no secret in projects/x/secrets/y: ${reason}, expected`);
      expect(message).not.toContain('hunter2');
    }
  });

  it('that cannot be read is reported together with all other problems, without the message of the error', async () => {
    const failure = Object.assign(new Error('cannot parse "hunter2"'), { code: 'EACCES' });
    const message = await problemsOf(
      sourceWith(async () => {
        throw failure;
      }),
      { port: 70_000 },
    );
    expect(message).toContain('port: ');
    expect(message).toContain('passwordFrom: found no secret in projects/x/secrets/y: Error EACCES');
    expect(message).not.toContain('hunter2');
  });
});
