import { ConfigError } from '../errors/index.js';

/** What a secret says: who, if it says so, and the password. */
export interface Credentials {
  readonly username?: string;
  readonly password: string;
}

/** Where a password lives. */
export interface SecretSource {
  /** The secret as it is now; `fresh` goes past whatever is remembered of it. */
  get(options?: { readonly fresh?: boolean }): Promise<string | Credentials>;
  /** The secret that a rotation under way is about to put in place of it, which the server may want already. */
  getPending?(): Promise<string | Credentials | undefined>;
  /** Tells of changes until the function that it returns is called. It must not keep the process alive. */
  onChange?(listener: () => void): () => void;
  /** For how long a secret of it is used without asking again. */
  readonly ttlMs?: number;
  /** Its name for logs, with no secret in it: `projects/x/secrets/y`. */
  describe(): string;
}

/** What a source has given, whatever its types promise. @throws ConfigError with nothing of it */
export function asCredentials(secret: unknown, name: string): Credentials {
  if (secret === undefined || secret === null) throw unusable(`nothing in ${name}`);
  if (typeof secret !== 'object' && typeof secret !== 'string') throw unusable(`a ${typeof secret} in ${name}`);
  const { username, password }: { readonly username?: unknown; readonly password?: unknown } =
    typeof secret === 'string' ? { password: secret } : secret;
  if (typeof password !== 'string') throw unusable(`an object without a text "password" in ${name}`);
  if (password.trim() === '') throw unusable(`an empty password in ${name}`);
  if (username !== undefined && (typeof username !== 'string' || username === ''))
    throw unusable(`a "username" that is no text in ${name}`);
  return { password, ...(username !== undefined && { username }) };
}

export function unusable(found: string): ConfigError {
  return new ConfigError([{ key: 'passwordFrom', found, expected: 'a password, or an object with "password" and perhaps "username"' }]);
}

/**
 * Reads a stored secret: the password itself, without the line end that editors and `echo` add, or a JSON object with `password`
 * and perhaps `username`. What only looks like an object is a password. @throws ConfigError with nothing of it
 */
export function readSecret(stored: string | Uint8Array, name: string): string | Credentials {
  const text = (typeof stored === 'string' ? stored : new TextDecoder().decode(stored)).replace(/\r?\n$/, '');
  const object = readObject(text);
  const credentials = asCredentials(object ?? text, name);
  return object ? credentials : credentials.password;
}

function readObject(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Its message would quote the secret.
    return undefined;
  }
}
