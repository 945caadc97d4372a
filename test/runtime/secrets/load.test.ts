import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../runtime/src/index.js';
import { type Credentials, loadClickHouseConfigWithSecrets, type SecretSource } from '../../../runtime/src/secrets.js';

const env = { CLICKHOUSE_URL: 'https://h' };

function source(get: () => Promise<string | Credentials>): SecretSource {
  return { get, describe: () => 'projects/x/secrets/y' };
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

  it('that cannot be had is told of together with all other mistakes, and never quoted', async () => {
    const failure = Object.assign(new Error('cannot parse "hunter2"'), { code: 'EACCES' });
    const message = await problemsOf(
      source(() => Promise.reject(failure)),
      { port: 70_000 },
    );
    expect(message).toContain('port: ');
    expect(message).toContain('passwordFrom: found no secret in projects/x/secrets/y: Error EACCES');
    expect(message).not.toContain('hunter2');
  });
});
