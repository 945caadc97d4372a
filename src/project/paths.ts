import { realpathSync } from 'node:fs';
import { posix, sep } from 'node:path';

/** Absolute paths are kept with forward slashes everywhere, as ts-morph keeps them. */
export function toPosix(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** `src/db/clickhouse.ts` for `/repo/src/db/clickhouse.ts` under `/repo`. */
export function relativeTo(root: string, file: string): string {
  return posix.relative(root, file);
}

export function isBelow(root: string, file: string): boolean {
  return file.startsWith(root.endsWith('/') ? root : `${root}/`);
}

/** The path itself where it does not exist: linters lint texts that have no file. */
export function realPath(path: string): string {
  try {
    return toPosix(realpathSync(path));
  } catch {
    return toPosix(path);
  }
}
