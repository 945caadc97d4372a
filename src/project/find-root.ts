import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBelow, toPosix } from './paths.js';

/**
 * The folder whose code is one program: where the settings file lies, else the git root, else the outermost
 * `package.json` or `tsconfig.json` above the file. A linter's `cwd` is only where somebody stood, so it comes last.
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
