import { readSecret, type SecretSource, unusable } from './source.js';

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
      if (payload?.data === undefined || payload.data === null) throw unusable(`that ${name} has no data`);
      return readSecret(typeof payload.data === 'string' ? fromBase64(payload.data, name) : payload.data, name);
    },
    describe: () => name,
  };
}

/** The client gives bytes, over gRPC and over REST. Text is what the REST interface itself answers: bytes as JSON has them, in Base64. */
function fromBase64(data: string, name: string): Uint8Array {
  if (!/^[\w+/-]*={0,2}$/.test(data)) throw unusable(`a text for data that is not Base64 in ${name}`);
  return Buffer.from(data, 'base64');
}
