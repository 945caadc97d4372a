import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBelow, toPosix } from './paths.js';

/**
 * Returns the root of the project that contains the file. It is the nearest folder with a settings file, else with `.git`, else the
 * outermost folder with `package.json`, else with `tsconfig.json`. The linter's `cwd` comes last: it depends on where the user started it.
 */
export function findRoot(file: string, cwd: string, settingsFileName: string): string {
  const folders = foldersAbove(file);
  const nearest = (name: string) => folders.find((folder) => existsSync(join(folder, name)));
  const outermost = (name: string) => folders.findLast((folder) => existsSync(join(folder, name)));
  return toPosix(
    nearest(settingsFileName) ??
      nearest('.git') ??
      outermost('package.json') ??
      outermost('tsconfig.json') ??
      (isBelow(toPosix(cwd), file) ? cwd : dirname(file)),
  );
}

function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    folders.push(folder);
    if (dirname(folder) === folder) return folders;
  }
}
