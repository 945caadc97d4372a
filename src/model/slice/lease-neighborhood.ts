import type { Project } from '../../project/project.js';
import type { SliceLimit } from './slice-limits.js';

/** The number of files between two files that acquire leases. */
const maxFilesBetween = 6;

/** A project with more such files has layers between its files in which most calls acquire nothing. Then none is added. */
const maxFiles = 40;

const acquirePattern =
  /\b(?:acquire|borrow|lease|reserve|checkOut|session|take|lock|use|run\w*|with\w+|(?:get|open|take|acquire|borrow|lease|checkOut)(?:Connection|Session|Client|Lease))\s*[(<]/;
const releasePattern = /\b(?:release|giveBack|checkIn|putBack|unlock)(?:Connection|Session|Client|Lease)?\s*[(<]/;

/**
 * Returns the files outside the slice on import paths from one file that acquires leases to another, each with the file that imports it: a
 * lease may be held while their code runs. Empty if no file of the slice has a pool, or if they are too many. Called by `buildModel`.
 */
export function leaseNeighborhood(
  project: Project,
  slice: ReadonlySet<string>,
  noteLimit: (limit: SliceLimit) => void,
): ReadonlyMap<string, string> {
  const acquiring = new Set<string>();
  let hasPool = false;
  for (const file of slice) {
    const text = project.text(file) ?? '';
    if (acquirePattern.test(text)) acquiring.add(file);
    hasPool ||= acquiring.has(file) && releasePattern.test(text);
  }
  if (!hasPool) return new Map();

  // Outwards from the slice, breadth first.
  const importerOf = new Map<string, string>();
  let level: string[] = [...acquiring];
  for (let distance = 0; distance < maxFilesBetween && level.length > 0; distance++) {
    const next: string[] = [];
    for (const file of level)
      for (const target of project.importsOf(file))
        if (!slice.has(target) && !importerOf.has(target)) {
          importerOf.set(target, file);
          next.push(target);
        }
    level = next;
  }

  // Back from the files that acquire: only what leads to one of them counts.
  const leading = new Map<string, string>();
  const reached = [...acquiring];
  for (const file of reached)
    for (const importer of project.importersOf(file)) {
      const from = importerOf.get(importer);
      if (from === undefined || leading.has(importer)) continue;
      if (leading.size === maxFiles) {
        noteLimit({ kind: 'files-between-leases', max: maxFiles });
        return new Map();
      }
      leading.set(importer, from);
      reached.push(importer);
    }
  return leading;
}
