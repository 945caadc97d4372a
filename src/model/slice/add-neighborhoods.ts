import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import { loadSlice, type NoteReason } from './slice.js';
import type { SliceProgram } from './slice-program.js';

/** Files that join the slice because of their imports. */
export interface Neighborhood {
  /** The relation of a file to the file that led to it, for the trace: `imported by`. */
  readonly relation: string;
  /** Each file, with the file that led to it. */
  readonly files: ReadonlyMap<string, string>;
}

/** Returns the slice with the neighborhoods, loaded into the program. Returns the slice itself if it contains all files already. */
export function addNeighborhoods(
  project: Project,
  program: SliceProgram,
  slice: ReadonlySet<string>,
  neighborhoods: readonly Neighborhood[],
  excluded: ReadonlySet<string>,
  noteReason: NoteReason,
): ReadonlySet<string> {
  const extended = new Set(slice);
  for (const { relation, files } of neighborhoods)
    for (const [file, neighbor] of files) {
      if (extended.has(file) || excluded.has(file)) continue;
      extended.add(file);
      noteReason(file, () => `is ${relation} ${relativeTo(project.root, neighbor)}`);
    }
  if (extended.size === slice.size) return slice;
  loadSlice(project, program, extended);
  return extended;
}
