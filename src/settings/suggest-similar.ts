import { createRequire } from 'node:module';
import type * as Levenshtein from 'fastest-levenshtein';

/** Only a mistake needs it. */
const load: (id: string) => typeof Levenshtein = createRequire(import.meta.url);

/** The candidate that was probably meant; undefined where every guess would be a wild one. */
export function closestMatch(word: string, candidates: readonly string[]): string | undefined {
  const { distance } = load('fastest-levenshtein');
  const [best] = [...candidates].sort((a, b) => distance(word, a) - distance(word, b));
  return best !== undefined && distance(word, best) <= Math.max(word.length, best.length) / 2 ? best : undefined;
}
