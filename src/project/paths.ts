import { realpathSync } from 'node:fs';
import { posix, sep } from 'node:path';

/** Returns the path with forward slashes, the form of all absolute paths here and in ts-morph. */
export function toPosix(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** Returns the path from the root: `src/db/clickhouse.ts` for `/repo/src/db/clickhouse.ts` and the root `/repo`. */
export function relativeTo(root: string, file: string): string {
  return posix.relative(root, file);
}

/** Whether the file is inside the folder `root`, at any depth. */
export function isBelow(root: string, file: string): boolean {
  return file.startsWith(root.endsWith('/') ? root : `${root}/`);
}

/** Returns the path with symbolic links resolved; the path itself if it does not exist, as linters also lint texts without a file. */
export function realPath(path: string): string {
  try {
    return toPosix(realpathSync(path));
  } catch {
    return toPosix(path);
  }
}
