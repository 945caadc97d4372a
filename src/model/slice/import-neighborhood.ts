import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import type { SliceLimit } from './slice-limits.js';

/** Depth, in imports, to which the imports of a module are followed. */
const maxDepth = 2;

/** Maximum number of files that one module adds. A module that imports more files composes a whole service. */
const maxFilesOfModule = 12;

/** Maximum number of files that are added. */
const maxFiles = 40;

/** Longer files rarely take part in getting a connection, and take most of the time. */
const isShort: TextQuestion = { kind: 'matches', patterns: [patternText(/^[^]{0,20000}$/)] };

/**
 * Returns the files that these modules import, each with its importer: a wrapper of an accessor, the constants of a mode, a function that
 * completes options, an event bus. The levels of imports of a module are added while they are small enough. `buildModel` calls it with the
 * modules that export a provider, and adds the files to the slice.
 */
export function importNeighborhood(
  project: Project,
  modules: Iterable<string>,
  slice: ReadonlySet<string>,
  noteLimit: (limit: SliceLimit) => void,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const cut = new Set<string>();
  for (const module of modules) {
    let level = [module];
    const own = new Set<string>();
    for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
      const next = new Map(level.flatMap((file) => [...project.importsOf(file)].map((target) => [target, file] as const)));
      const added = [...next].filter(([target]) => !slice.has(target) && !own.has(target) && project.ask(target, isShort) !== '');
      level = added.map(([target]) => target);
      for (const file of level) own.add(file);
      const further = added.filter(([target]) => !found.has(target));
      if (own.size > maxFilesOfModule || found.size + further.length > maxFiles) {
        cut.add(module);
        break;
      }
      for (const [target, importer] of further) found.set(target, importer);
    }
  }
  if (cut.size > 0) noteLimit({ kind: 'imports-of-providers', files: [...cut] });
  return found;
}
