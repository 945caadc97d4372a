import { createRequire } from 'node:module';
import type Picomatch from 'picomatch';

/** Loaded at the first glob: without settings there is none. */
const load: (id: 'picomatch') => typeof Picomatch = createRequire(import.meta.url);

/** Returns a test for paths from the root. A folder name covers everything below it. An empty list matches nothing. */
export function matcherOf(globs: readonly string[]): (relativePath: string) => boolean {
  const patterns = globs
    .map((glob) => glob.replace(/^\.\//, '').replace(/\/+$/, ''))
    .flatMap((glob) => (glob.endsWith('*') ? [glob] : [glob, `${glob}/**`]));
  return patterns.length === 0 ? () => false : load('picomatch')(patterns, { dot: true });
}
