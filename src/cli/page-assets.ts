import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageAssets } from '../report/html/html.js';
import type { ReadLines } from '../report/html/excerpts.js';

/** Reads the style sheet and the script of the page. `npm run build:page` puts them into this folder, beside the command. */
export function readPageAssets(folder: URL): PageAssets {
  return { style: readFileSync(new URL('style.css', folder), 'utf8'), script: readFileSync(new URL('main.js', folder), 'utf8') };
}

/** Returns a function that gives the lines of the files below a root. It reads each file once. */
export function lineReader(root: string): ReadLines {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, read(join(root, file)));
    return known.get(file);
  };
}

function read(path: string): readonly string[] | undefined {
  try {
    // The lines of ECMAScript, as positions count them.
    return readFileSync(path, 'utf8').split(/\r\n|[\n\r\u2028\u2029]/);
  } catch {
    return undefined;
  }
}
