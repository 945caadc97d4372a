import type { Project } from '../project/project.js';
import { makersExportedBy } from './makers.js';
import type { SliceProgram } from './program.js';

/** The files that mention one of the markers: where the slice starts. */
export function findSeeds(project: Project, markers: RegExp): Set<string> {
  const seeds = new Set<string>();
  for (const file of project.sources) if (markers.test(project.text(file) ?? '')) seeds.add(file);
  return seeds;
}

/** A marker is a client package's name in quotes, alone or with a path into it. */
export function markersOf(packages: readonly string[]): RegExp {
  const names = packages.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`['"\`](?:${names.join('|')})(?:/[^'"\`\\n]*)?['"\`]`);
}

/** Grows the slice from its seeds by the importers of names that carry a client, until nobody new imports one. */
export function closeSlice(project: Project, program: SliceProgram, seeds: ReadonlySet<string>): ReadonlySet<string> {
  const slice = new Set(seeds);
  for (let size = -1; size !== slice.size; ) {
    size = slice.size;
    load(project, program, slice);
    for (const file of [...slice]) {
      const source = program.sourceFile(file);
      const importers = [...project.importersOf(file)].filter((importer) => !slice.has(importer));
      if (!source || importers.length === 0) continue;
      const names = makersExportedBy(source, program.checker);
      if (names.length > 0) for (const importer of importers) if (mayImport(project.text(importer) ?? '', names)) slice.add(importer);
    }
  }
  return slice;
}

export function load(project: Project, program: SliceProgram, slice: Iterable<string>): void {
  program.load(new Map([...slice].map((file) => [file, project.text(file) ?? ''])));
}

/** By the text alone: the name is there, or something that passes every name on. */
function mayImport(text: string, names: readonly string[]): boolean {
  return names.some((name) => name === 'default' || name === 'export=' || text.includes(name)) || /\bexport\s*\*/.test(text);
}
