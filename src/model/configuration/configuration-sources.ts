import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import { addressKindOf } from './addresses.js';
import type { ConnectionReads } from './connection-reads.js';
import { isDistinctName } from './setting-names.js';
import type { ClientOptions } from './client-options.js';
import type { Origin } from './origin.js';

/** A module that makes clients, with the modules from which their options come. */
export interface FactorySource {
  readonly file: string;
  /** The modules that read the environment for it; if none does, those with the literals. */
  readonly sources: ReadonlySet<string>;
  /** The folders of the deployables in which the factory runs. */
  readonly deployables: ReadonlySet<string>;
}

/** The inputs of the search. */
export interface SourceSearch {
  readonly project: Project;
  readonly reads: ConnectionReads;
  readonly deployableOf: (file: string) => string;
  readonly isProduction: (file: string) => boolean;
  /** Returns the origins of the options of a client. */
  readonly originsOf: (options: ClientOptions) => readonly Origin[];
}

/** Returns the factories with the sources of their options. Several constructions in one file are one factory. */
export function factorySources(factories: readonly ClientOptions[], search: SourceSearch): FactorySource[] {
  const files = [...new Set(factories.map(({ file }) => file))];
  return files.map((file) => {
    const origins = factories.filter((factory) => factory.file === file).flatMap(search.originsOf);
    search.reads.addNames(distinctNames(origins));
    return { file, sources: filesOf(origins, search), deployables: deployablesOf(file, search) };
  });
}

/** The names by which the variables of these origins are known everywhere. */
function distinctNames(origins: readonly Origin[]): string[] {
  return origins.flatMap((origin) => (origin.kind === 'read' && isDistinctName(origin.read.name) ? [origin.read.name] : []));
}

/**
 * The modules of the origins that say most: settings of ClickHouse and the environment as a whole, other variables, literals. Production
 * code comes before scripts, which pass options of their own.
 */
function filesOf(origins: readonly Origin[], { reads, isProduction }: SourceSearch): ReadonlySet<string> {
  const kinds: readonly ((origin: Origin) => boolean)[] = [
    (origin) => origin.kind === 'environment' || (origin.kind === 'read' && reads.isSetting(origin.read.name)),
    ({ kind }) => kind === 'read',
    isConnectionLiteral,
  ];
  for (const isWanted of kinds) {
    const files = [...new Set(origins.filter(isWanted).map(fileOf))];
    const production = files.filter(isProduction);
    if (files.length > 0) return new Set(production.length > 0 ? production : files);
  }
  return new Set();
}

/** The options of a client by which it finds a server and logs in. */
export const connectionOption = /^(?:url|host|hostname|dsn|username|user|password|access_token)$/;

function isConnectionLiteral(origin: Origin): boolean {
  return origin.kind === 'literal' && (connectionOption.test(origin.key ?? '') || addressKindOf(origin.node.text) !== undefined);
}

function fileOf(origin: Origin): string {
  return (origin.kind === 'read' ? origin.read.node : origin.node).getSourceFile().fileName;
}

/** Returns the deployables of the modules that import the file, directly or not, and its own. */
export function deployablesOf(
  file: string,
  { project, deployableOf }: Pick<SourceSearch, 'project' | 'deployableOf'>,
): ReadonlySet<string> {
  const reached = new Set([file]);
  for (const module of reached) for (const importer of project.importersOf(module)) reached.add(importer);
  return new Set([...reached].map(deployableOf));
}

/** Imports from the factory to its configuration are followed this far, if the code does not show where its options come from. */
const maxDistance = 4;

/** Returns those of the candidates that the file imports in the fewest steps; itself, if it is one. */
export function nearestImports(file: string, candidates: ReadonlySet<string>, project: Project): readonly string[] {
  const seen = new Set([file]);
  let level: readonly string[] = [file];
  for (let distance = 0; distance <= maxDistance && level.length > 0; distance++) {
    const found = level.filter((module) => candidates.has(module));
    if (found.length > 0) return found;
    level = level.flatMap((module) => [...project.importsOf(module)]).filter((module) => !seen.has(module) && seen.add(module));
  }
  return [];
}

const configurationName = /(?:^|[/.-])(?:config\w*|env\w*|settings?|constants)(?:[/.-]|$)/i;

/** Returns the candidate that most looks like the configuration module: by its name, its variables, its importers. */
export function bestCandidate(
  candidates: readonly string[],
  { project, reads }: Pick<SourceSearch, 'project' | 'reads'>,
): string | undefined {
  const ranked = candidates.map((file) => ({
    file,
    isNamed: configurationName.test(relativeTo(project.root, file)),
    variables: new Set(reads.in(file).map(({ name }) => name)).size,
    importers: project.importersOf(file).size,
  }));
  ranked.sort(
    (a, b) => Number(b.isNamed) - Number(a.isNamed) || b.variables - a.variables || b.importers - a.importers || (a.file < b.file ? -1 : 1),
  );
  return ranked[0]?.file;
}
