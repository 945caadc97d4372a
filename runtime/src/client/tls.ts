import { readFile } from 'node:fs/promises';
import type { Engine } from '../config/config.js';
import { ConfigError } from '../errors/index.js';
import { isError } from '../errors/is-error.js';

type Server = Extract<Engine, { kind: 'server' }>;

/** The contents of the configured PEM files. */
export interface TlsFiles {
  /** Trusted certificate authorities. Undefined: those of Node. */
  readonly ca: Buffer | undefined;
  /** Client certificate and its private key. */
  readonly identity: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

/**
 * Reads the files as they are at this moment. After a change of a file, a rotation of the manager, or `maxLifetimeMs`, makes it effective.
 * @throws ConfigError if a file cannot be read
 */
export async function readTlsFiles({ caFile, certFile, keyFile }: Server): Promise<TlsFiles> {
  const [ca, cert, key] = await Promise.all([read('caFile', caFile), read('certFile', certFile), read('keyFile', keyFile)]);
  return { ca, identity: cert && key && { cert, key } };
}

async function read(key: string, path: string | undefined): Promise<Buffer | undefined> {
  try {
    return path === undefined ? undefined : await readFile(path);
  } catch (error) {
    const code = isError(error) && 'code' in error ? String(error.code) : 'for an unknown reason';
    throw new ConfigError([
      {
        key,
        found: `${JSON.stringify(path)}, which cannot be read any more (${code})`,
        expected: 'the path of a PEM file that this process may read',
      },
    ]);
  }
}
