import { posix } from 'node:path';
import { createRequire } from 'node:module';
import type * as Levenshtein from 'fastest-levenshtein';
import { matcherOf } from './globs.js';

/** Loaded at the first path that matches nothing. */
const load: (id: string) => typeof Levenshtein = createRequire(import.meta.url);

/**
 * Returns the existing path that a path or glob was meant to be: the only file of the same name, or one that differs in few characters.
 * Undefined if there is none. Of a glob it repairs the folders in front of the first pattern.
 */
export function closestPath(glob: string, files: readonly string[]): string | undefined {
  const segments = glob.replace(/^\.\//, '').replace(/\/+$/, '').split('/');
  const firstPattern = segments.findIndex((segment) => /[*?[\]{}()!]/.test(segment));
  const path = (firstPattern === -1 ? segments : segments.slice(0, firstPattern)).join('/');
  if (path === '') return undefined;
  if (firstPattern === -1) return moved(path, files) ?? similar(path, [...files, ...foldersOf(files)]);
  const folder = similar(path, foldersOf(files));
  const repaired = [folder ?? path, ...segments.slice(firstPattern)].join('/');
  return files.some(matcherOf([repaired])) ? repaired : undefined;
}

function moved(path: string, files: readonly string[]): string | undefined {
  const sameName = files.filter((file) => posix.basename(file) === posix.basename(path));
  return sameName.length === 1 ? sameName[0] : undefined;
}

function similar(path: string, candidates: readonly string[]): string | undefined {
  const { distance } = load('fastest-levenshtein');
  const maxDistance = Math.max(1, Math.floor(path.length / 6));
  let best: { readonly candidate: string; readonly steps: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - path.length) > maxDistance) continue;
    // Swapped letters are the most frequent typo and count as one edit.
    const steps = lettersOf(path) === lettersOf(candidate) ? 1 : distance(path, candidate);
    if (steps <= maxDistance && (best === undefined || steps < best.steps)) best = { candidate, steps };
  }
  return best?.candidate;
}

function lettersOf(path: string): string {
  return Array.from(path).sort().join('');
}

function foldersOf(files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files)
    for (let folder = posix.dirname(file); folder !== '.' && !folders.has(folder); folder = posix.dirname(folder)) folders.add(folder);
  return [...folders];
}
