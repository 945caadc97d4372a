import { invalidSecret, parseSecret, type SecretSource } from './source.js';

/** The part of Google's `SecretManagerServiceClient` that `googleSecret` uses. */
export interface GoogleSecretReader {
  /** Resolves with the version of a secret, as the first element of a tuple. `data` is bytes, or Base64 as in the REST interface. */
  accessSecretVersion(request: {
    name: string;
  }): Promise<
    readonly [{ readonly payload?: { readonly data?: string | Uint8Array | null | undefined } | null | undefined }, ...unknown[]]
  >;
}

/**
 * Returns a source for a secret of Google Secret Manager.
 *
 * `get` rejects with the error of the client, or with ConfigError if the secret holds no password.
 * @param name `projects/x/secrets/y` for the latest version, or `projects/x/secrets/y/versions/3`
 */
export function googleSecret(client: GoogleSecretReader, name: string): SecretSource {
  return {
    get: async () => {
      const [{ payload }] = await client.accessSecretVersion({ name: name.includes('/versions/') ? name : `${name}/versions/latest` });
      if (payload?.data === undefined || payload.data === null) throw invalidSecret(`no data in ${name}`);
      return parseSecret(typeof payload.data === 'string' ? decodeBase64(payload.data, name) : payload.data, name);
    },
    describe: () => name,
  };
}

/** Google's client returns bytes. Only a client of the REST interface itself returns Base64. */
function decodeBase64(data: string, name: string): Uint8Array {
  if (!/^[\w+/-]*={0,2}$/.test(data)) throw invalidSecret(`data that is not Base64 in ${name}`);
  return Buffer.from(data, 'base64');
}
