import { readSecret, type SecretSource } from './source.js';

/** What is used of Google's `SecretManagerServiceClient`. */
export interface GoogleSecretReader {
  accessSecretVersion(request: {
    name: string;
  }): Promise<readonly [{ readonly payload?: { readonly data?: string | Uint8Array | null } | null }, ...unknown[]]>;
}

/** A secret of Google Secret Manager: `projects/x/secrets/y`, in its latest version unless `/versions/3` follows. */
export function googleSecret(client: GoogleSecretReader, name: string): SecretSource {
  return {
    get: async () => {
      const [{ payload }] = await client.accessSecretVersion({ name: name.includes('/versions/') ? name : `${name}/versions/latest` });
      if (payload?.data === undefined || payload.data === null) throw new Error(`${name} has no data.`);
      return readSecret(payload.data);
    },
    describe: () => name,
  };
}
