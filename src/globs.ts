import picomatch from 'picomatch';

/** Compiles globs from the root; a folder's name alone means everything below it. Nothing matches no globs. */
export function matcherOf(globs: readonly string[]): (relativePath: string) => boolean {
  const patterns = globs.map((glob) => glob.replace(/^\.\//, '').replace(/\/+$/, '')).flatMap((glob) => (glob.endsWith('*') ? [glob] : [glob, `${glob}/**`]));
  return patterns.length === 0 ? () => false : picomatch(patterns, { dot: true });
}
