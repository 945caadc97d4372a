import type { EnvironmentRead } from '../environment/environment-reads.js';
import { bestCandidate, type FactorySource, type SourceSearch } from './configuration-sources.js';

/** A read of a variable that another module of the same program, `source`, also reads for its clients. */
export interface CompetingRead {
  readonly read: EnvironmentRead;
  readonly source: string;
}

/** The inputs of the search. */
export interface CompetitionSearch extends Pick<SourceSearch, 'project' | 'reads' | 'deployableOf'> {
  /** The files of the clients of which several may be the factory. */
  readonly undecided: ReadonlySet<string>;
}

/**
 * Returns the reads of variables that two modules of one program read for clients. One of the modules, the best candidate for the
 * configuration module, keeps its reads.
 */
export function competingReads(roots: readonly FactorySource[], search: CompetitionSearch): readonly CompetingRead[] {
  return readerGroups(roots, search).flatMap((group) => {
    const source = bestCandidate(group, search) ?? '';
    const names = new Set(search.reads.in(source).map(({ name }) => name));
    const others = group.filter((file) => file !== source);
    return others.flatMap((file) => search.reads.in(file).flatMap((read) => (names.has(read.name) ? [{ read, source }] : [])));
  });
}

/**
 * The modules that read the environment for the same clients, in groups of one program: the callers that give a factory its options, or
 * the modules of which each may be the factory.
 */
function readerGroups(roots: readonly FactorySource[], { undecided, deployableOf }: CompetitionSearch): readonly (readonly string[])[] {
  const candidates = roots.filter(({ file, sources }) => undecided.has(file) && sources.has(file)).map(({ file }) => file);
  // The factory itself may read the environment for callers without options.
  const callers = roots
    .filter(({ file }) => !undecided.has(file))
    .map(({ file, sources }) => [...sources].filter((source) => source !== file));
  return [candidates, ...callers].flatMap((files) => byDeployable(files, deployableOf));
}

function byDeployable(files: readonly string[], deployableOf: (file: string) => string): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const deployable = deployableOf(file);
    groups.set(deployable, [...(groups.get(deployable) ?? []), file]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
