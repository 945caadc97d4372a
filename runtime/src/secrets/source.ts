import { token } from '../config/validators.js';
import { ConfigError } from '../errors/index.js';

/** The content of a secret: a password with or without its user, or an access token. */
export type Credentials = PasswordCredentials | TokenCredentials;

/** A password, with or without its user. */
export interface PasswordCredentials {
  /** Name of the ClickHouse user. Absent if the secret has none: then the user of the configuration stays. */
  readonly username?: string | undefined;
  /** Password of the user, not empty. */
  readonly password: string;
  /** Absent. */
  readonly accessToken?: undefined;
}

/** An access token, such as a JWT of ClickHouse Cloud. */
export interface TokenCredentials {
  /** Access token, which takes the place of user and password. Letters, digits and `-._~+/=`. */
  readonly accessToken: string;
  /** Absent. */
  readonly username?: undefined;
  /** Absent. */
  readonly password?: undefined;
}

/** A place where a password or an access token is stored: a file, a secret store, or an object of the user. */
export interface SecretSource {
  /**
   * Resolves with the current secret: a password, or an object with password and user, or with an access token.
   * @param options `fresh` bypasses every cache. Default: `false`.
   * @throws any error of the store. Its message is never shown, since it may quote the secret.
   */
  get(options?: { readonly fresh?: boolean | undefined }): Promise<string | Credentials>;
  /**
   * Resolves with the next secret of a rotation that is in progress, or undefined if there is none. The server may already require it.
   * @throws any error of the store
   */
  getPending?(): Promise<string | Credentials | undefined>;
  /**
   * Calls the listener after each change of the secret. Must not keep the process alive.
   * @returns a function that removes the listener
   * @throws any error of the store
   */
  onChange?(listener: () => void): () => void;
  /** Time for which a secret of this source is used before the next `get`, in milliseconds. Default: no limit. */
  readonly ttlMs?: number | undefined;
  /** Returns the name of the secret for logs, without secret parts: `projects/x/secrets/y`. */
  describe(): string;
}

/**
 * Returns the credentials in a value of a source. It checks the value, since the source is code of the user.
 * @param name of the secret, for the error
 * @throws ConfigError without any part of the value
 */
export function toCredentials(secret: unknown, name: string): Credentials {
  if (secret === undefined || secret === null) throw invalidSecret(`nothing in ${name}`);
  if (typeof secret !== 'object' && typeof secret !== 'string') throw invalidSecret(`a ${typeof secret} in ${name}`);
  const { username, password, accessToken }: { readonly username?: unknown; readonly password?: unknown; readonly accessToken?: unknown } =
    typeof secret === 'string' ? { password: secret } : secret;
  if (accessToken !== undefined) {
    if (username !== undefined || password !== undefined)
      throw invalidSecret(`an access token together with a user or password in ${name}`);
    const result = token(accessToken);
    if (!result.ok) throw invalidSecret(`an "accessToken" that is no token in ${name}`);
    return { accessToken: result.value };
  }
  if (typeof password !== 'string') throw invalidSecret(`an object without a text "password" in ${name}`);
  if (password.trim() === '') throw invalidSecret(`an empty password in ${name}`);
  if (username !== undefined && (typeof username !== 'string' || username === ''))
    throw invalidSecret(`a "username" that is not a text, or is empty, in ${name}`);
  return { password, ...(username !== undefined && { username }) };
}

/** Returns the error for a secret that holds no credentials. */
export function invalidSecret(found: string): ConfigError {
  return new ConfigError([
    {
      key: 'passwordFrom',
      found,
      expected: 'a password, or an object with "password" and optionally "username", or an object with "accessToken"',
    },
  ]);
}

/**
 * Parses a stored secret: a password, or a JSON object with `password` and optionally `username`, or with `accessToken`. Text that begins like an object and is not
 * valid JSON is a password. One line end at the end is removed, since editors and `echo` add it.
 * @throws ConfigError without any part of the secret
 */
export function parseSecret(stored: string | Uint8Array, name: string): string | Credentials {
  const text = (typeof stored === 'string' ? stored : new TextDecoder().decode(stored)).replace(/\r?\n$/, '');
  const object = parseObject(text);
  const credentials = toCredentials(object ?? text, name);
  return object || credentials.accessToken !== undefined ? credentials : credentials.password;
}

function parseObject(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // The message of the error quotes the secret.
    return undefined;
  }
}
