import type { Project } from '../../project/project.js';

/** Longer modules do more than to hold a container or an event bus. */
const maxLength = 20_000;

/** Declares a method or function that registers something under a name. */
const registers =
  /\b(?:register|subscribe|provide|bind|on|listen|tap|hook|addListener|addHandler)\s*(?:<[^<>()]*>)?\s*(?:\(|[:=]\s*(?:async\s*)?[(<])/;

/** Keeps something under a key or in a list. */
const keeps = /\.(?:set|push|add)\(|\]\s*(?:\?\?=|\|\|=|=(?!=))/;

/**
 * Returns the modules that look like an own container or event bus and are imported by two files of the slice, each with one of these
 * files. One file registers code, the other runs it, and no provider leads from one to the other. `buildModel` adds them to the slice.
 */
export function registryNeighborhood(
  project: Project,
  slice: ReadonlySet<string>,
  isTest: (file: string) => boolean,
): ReadonlyMap<string, string> {
  const importers = new Map<string, string[]>();
  for (const file of slice)
    if (!isTest(file))
      for (const target of project.importsOf(file)) if (!slice.has(target)) importers.set(target, [...(importers.get(target) ?? []), file]);
  const found = new Map<string, string>();
  for (const [file, [first, second]] of importers) {
    const text = first === undefined || second === undefined ? '' : (project.text(file) ?? '');
    if (first !== undefined && text.length <= maxLength && registers.test(text) && keeps.test(text)) found.set(file, first);
  }
  return found;
}
