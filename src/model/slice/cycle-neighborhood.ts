import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import type { Trace } from '../../trace/trace.js';
import { componentsOf } from '../graph/strongly-connected.js';
import { load } from './slice.js';
import type { SliceProgram } from './slice-program.js';

/** Depth, in imports, to which the imports of a cycle's files are followed: they may call what the cycle passes to them. */
const callbackDepth = 2;

/** Larger cycles around modules that only export providers are left out: code bases grow into such cycles, without calls along them. */
const maxCycleSize = 12;

/** The modules where import cycles of connection modules may pass. */
export interface CycleStarts {
  /** Modules that declare an accessor. */
  readonly accessorFiles: ReadonlySet<string>;
  /** Modules that export a provider of clients. */
  readonly providerFiles: ReadonlySet<string>;
}

export interface CycleNeighborhood {
  /** Each file, with the neighbour through which it was found. */
  readonly files: ReadonlyMap<string, string>;
  /** All files that the starts import, directly or not. */
  readonly reach: ReadonlySet<string>;
}

/**
 * Returns the files on import cycles through the starts. `buildModel` adds them to the slice, because a call path may pass them.
 * A call path of an accessor may leave the cycle and come back, for example through a pool that takes a callback: so the imports of such a
 * cycle count as well. Of other modules, only a small cycle itself counts.
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

/** The small import cycles through the files. All files that are visited on the search join `reach`. */
function componentsThrough(files: ReadonlySet<string>, project: Project, reach: Set<string>): string[][] {
  const components = componentsOf(files, (file) => {
    reach.add(file);
    return project.importsOf(file);
  });
  return components.filter(
    (component) => component.length > 1 && component.length <= maxCycleSize && component.some((file) => files.has(file)),
  );
}

/** Returns the slice with the neighbourhood, loaded into the program; the slice itself if nothing is new. */
export function addNeighborhood(
  project: Project,
  program: SliceProgram,
  slice: ReadonlySet<string>,
  { files }: CycleNeighborhood,
  excluded: ReadonlySet<string>,
  trace: Trace,
): ReadonlySet<string> {
  const added = [...files].filter(([file]) => !slice.has(file) && !excluded.has(file));
  if (added.length === 0) return slice;
  for (const [file, neighbor] of added)
    trace.fact(() => `${relativeTo(project.root, file)} is an import-cycle neighbour of ${relativeTo(project.root, neighbor)}`);
  const whole = new Set([...slice, ...added.map(([file]) => file)]);
  load(project, program, whole);
  return whole;
}
