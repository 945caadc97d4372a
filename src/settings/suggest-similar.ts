import { createRequire } from 'node:module';
import type * as Levenshtein from 'fastest-levenshtein';

/** Loaded at the first mistake. */
const load: (id: string) => typeof Levenshtein = createRequire(import.meta.url);

/** Returns the candidate that is most similar to the word; undefined if none is similar enough. */
export function closestMatch(word: string, candidates: readonly string[]): string | undefined {
  const { distance } = load('fastest-levenshtein');
  const [best] = [...candidates].sort((a, b) => distance(word, a) - distance(word, b));
  return best !== undefined && distance(word, best) <= Math.max(word.length, best.length) / 2 ? best : undefined;
}
