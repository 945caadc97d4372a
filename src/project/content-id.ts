import { createHash } from 'node:crypto';

/** Returns the name that git gives a file of this content: the SHA-1 of a blob, as 40 hexadecimal digits. */
export function contentIdOf(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
