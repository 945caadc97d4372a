import { readFile } from 'node:fs/promises';
import type { Engine } from '../config/config.js';
import { ConfigError } from '../errors/index.js';

type Server = Extract<Engine, { kind: 'server' }>;

/** Whom to trust, and who we are, in PEM. */
export interface TlsFiles {
  readonly ca: Buffer | undefined;
  readonly identity: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

/** As they are now: whoever replaces them rotates the manager, or waits for `maxLifetimeMs`. @throws ConfigError */
export async function readTlsFiles({ caFile, certFile, keyFile }: Server): Promise<TlsFiles> {
  const [ca, cert, key] = await Promise.all([read('caFile', caFile), read('certFile', certFile), read('keyFile', keyFile)]);
  return { ca, identity: cert && key && { cert, key } };
}

async function read(key: string, path: string | undefined): Promise<Buffer | undefined> {
  try {
    return path === undefined ? undefined : await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'for an unknown reason';
    throw new ConfigError([
      {
        key,
        found: `${JSON.stringify(path)}, which cannot be read any more (${code})`,
        expected: 'the path of a PEM file that this process may read',
      },
    ]);
  }
}
