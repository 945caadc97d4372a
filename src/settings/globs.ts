import { createRequire } from 'node:module';
import type Picomatch from 'picomatch';

/** Loaded at the first glob: who set nothing has none. */
const load: (id: 'picomatch') => typeof Picomatch = createRequire(import.meta.url);

/** Compiles globs from the root; a folder's name alone means everything below it. Nothing matches no globs. */
export function matcherOf(globs: readonly string[]): (relativePath: string) => boolean {
  const patterns = globs
    .map((glob) => glob.replace(/^\.\//, '').replace(/\/+$/, ''))
    .flatMap((glob) => (glob.endsWith('*') ? [glob] : [glob, `${glob}/**`]));
  return patterns.length === 0 ? () => false : load('picomatch')(patterns, { dot: true });
}
