/** What a secret says: who, if it says so, and the password. */
export interface Credentials {
  readonly username?: string;
  readonly password: string;
}

/** Where a password lives. */
export interface SecretSource {
  /** The secret as it is now; `fresh` goes past whatever is remembered of it. */
  get(options?: { readonly fresh?: boolean }): Promise<string | Credentials>;
  /** Tells of changes until the function that it returns is called. It must not keep the process alive. */
  onChange?(listener: () => void): () => void;
  /** Its name for logs, with no secret in it: `projects/x/secrets/y`. */
  describe(): string;
}

export function asCredentials(secret: string | Credentials): Credentials {
  return typeof secret === 'string' ? { password: secret } : secret;
}

/**
 * Reads a stored secret: the password itself, without the line end that editors and `echo` add, or a JSON object with `password`
 * and perhaps `username`. What is no such object is a password that looks like one.
 */
export function readSecret(stored: string | Uint8Array): string | Credentials {
  const text = (typeof stored === 'string' ? stored : new TextDecoder().decode(stored)).replace(/\r?\n$/, '');
  return readObject(text) ?? text;
}

function readObject(text: string): Credentials | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('password' in value) || typeof value.password !== 'string') return undefined;
    return { password: value.password, ...('username' in value && typeof value.username === 'string' && { username: value.username }) };
  } catch {
    // Its message would quote the secret.
    return undefined;
  }
}
