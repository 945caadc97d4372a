import type { Project } from '../../project/project.js';
import { componentsOf } from '../graph/strongly-connected.js';

/** Depth, in imports, to which the imports of a cycle's files are followed. These modules may call callbacks that the cycle passes. */
const callbackDepth = 2;

/** Maximum size, in modules, of a cycle around modules that only export providers. Larger cycles rarely have calls along them. */
const maxCycleSize = 12;

/** The modules whose import cycles are searched. */
export interface CycleStarts {
  /** Modules that declare an accessor. */
  readonly accessorFiles: ReadonlySet<string>;
  /** Modules that export a provider of clients. */
  readonly providerFiles: ReadonlySet<string>;
}

/** The files on import cycles through the starts. */
export interface CycleNeighborhood {
  /** Each file, with the neighbor that led to it. */
  readonly files: ReadonlyMap<string, string>;
  /** All files that the starts import, directly or not. */
  readonly reach: ReadonlySet<string>;
}

/**
 * Returns the files on import cycles through the starts. `buildModel` adds them to the slice, because a call path may pass them. The imports
 * of a cycle through an accessor are included, because its call path may leave the cycle and return through a callback. For a module that
 * only exports providers, only a small cycle itself is included.
 */
export function cycleNeighborhood(project: Project, { accessorFiles, providerFiles }: CycleStarts): CycleNeighborhood {
  const reach = new Set(accessorFiles);
  for (const file of reach) for (const target of project.importsOf(file)) reach.add(target);

  const files = new Map([...accessorFiles].map((file) => [file, file]));
  const add = (file: string, neighbor: string): void => {
    if (!files.has(file)) files.set(file, neighbor);
  };
  for (const [file] of files) for (const importer of project.importersOf(file)) if (reach.has(importer)) add(importer, file);
  for (let depth = 0; depth < callbackDepth; depth++)
    for (const file of [...files.keys()]) for (const target of project.importsOf(file)) add(target, file);
  for (const component of componentsThrough(providerFiles, project, reach))
    for (const file of component) add(file, component.find((member) => providerFiles.has(member)) ?? file);
  return { files, reach };
}

/** Returns the small import cycles through the files, and adds all visited files to `reach`. */
function componentsThrough(files: ReadonlySet<string>, project: Project, reach: Set<string>): string[][] {
  const components = componentsOf(files, (file) => {
    reach.add(file);
    return project.importsOf(file);
  });
  return components.filter(
    (component) => component.length > 1 && component.length <= maxCycleSize && component.some((file) => files.has(file)),
  );
}
