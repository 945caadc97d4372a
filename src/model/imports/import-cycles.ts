import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { componentsOf } from '../graph/strongly-connected.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type ImportEdge, ImportEdges } from './import-edges.js';
import { layers, type Role } from '../connections/roles.js';

/** An import cycle with at least two connection modules. */
export interface ImportCycle {
  /** Each edge leads to the next, and the last to the first. The module that comes first by name begins: each cycle has one form. */
  readonly edges: readonly ImportEdge[];
  /** The import that takes the least work to remove. */
  readonly cheapest: ImportEdge;
  /** Roles of the module imported by `cheapest` that are above all roles of the importing module. */
  readonly above: readonly Role[];
  /** Whether `cheapest` imports a class that its target declares. A class can rarely be moved away from its module. */
  readonly importsClass: boolean;
}

export interface ImportCycles {
  /** The cycles to report. */
  readonly cycles: readonly ImportCycle[];
}

/**
 * Returns the import cycles among connection modules that can be reached from `files`: the shortest through each connection module. A scan
 * of specifiers finds the components; the files along a cycle are parsed, to leave out imports of types. The model's `importCycles` calls it.
 */
export function findImportCycles(
  project: Project,
  files: Iterable<string>,
  parse: (file: string) => TS.SourceFile,
  allRolesOf: (file: string) => readonly Role[],
): ImportCycles {
  const rolesOf = memoized(allRolesOf);
  const components = componentsOf(files, (file) => project.importsOf(file)).filter(
    (component) => component.length > 1 && hasTwoConnectionModules(component, rolesOf),
  );
  const parseOnce = memoized(parse);
  const cycles = components
    .flatMap((component) => cyclesAmong(component, new ImportEdges(component, project, parseOnce), rolesOf))
    .map((cycle) => ({ ...cycle, importsClass: declaresClass(parseOnce(cycle.cheapest.to), cycle.cheapest.by.names) }));
  return { cycles };
}

/** Keeps results for the time of one search. */
function memoized<Result extends object>(compute: (file: string) => Result): (file: string) => Result {
  const results = new Map<string, Result>();
  return (file) => {
    const result = results.get(file) ?? compute(file);
    results.set(file, result);
    return result;
  };
}

function declaresClass({ statements }: TS.SourceFile, names: readonly string[]): boolean {
  return statements.some(
    (statement) => ts.isClassDeclaration(statement) && (names.includes(statement.name?.text ?? 'default') || isDefaultIn(statement, names)),
  );
}

function isDefaultIn({ modifiers }: TS.ClassDeclaration, names: readonly string[]): boolean {
  return names.includes('default') && modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true;
}

/** Whether a component has two modules with a role. Cycles of one connection module with other code are not reported. */
function hasTwoConnectionModules(component: readonly string[], rolesOf: (file: string) => readonly Role[]): boolean {
  return component.filter((file) => rolesOf(file).length > 0).length > 1;
}

type Cycle = Omit<ImportCycle, 'importsClass'>;

/** The shortest cycle through each connection module of a component, without those that end with another. */
function cyclesAmong(component: readonly string[], edges: ImportEdges, rolesOf: (file: string) => readonly Role[]): Cycle[] {
  const starts = component.filter((file) => rolesOf(file).length > 0).sort();
  const shortest = starts.map((start) => edges.shortestCycleThrough(start)).filter((cycle) => cycle !== undefined);
  // The shortest cycle through a connection module can be one with other code alone.
  const connecting = shortest.filter((cycle) => hasTwoConnectionModules([...new Set(cycle.map(({ from }) => from))], rolesOf));
  const distinct = new Map(connecting.map(startAtFirstName).map((cycle) => [cycle.map(({ from }) => from).join('\0'), cycle]));
  return dedupeByCheapest([...distinct.values()].map((cycle) => toCycle(cycle, rolesOf)));
}

/** Removing one import may end several cycles: keeps the shortest of them. */
function dedupeByCheapest(cycles: readonly Cycle[]): Cycle[] {
  const kept: Cycle[] = [];
  for (const cycle of [...cycles].sort((one, other) => one.edges.length - other.edges.length))
    if (!kept.some(({ cheapest }) => cycle.edges.includes(cheapest))) kept.push(cycle);
  return kept;
}

/** Rotates a cycle so that the module that comes first by name begins. */
function startAtFirstName(cycle: readonly ImportEdge[]): ImportEdge[] {
  const first = cycle.reduce((min, { from }, index) => (from < (cycle[min]?.from ?? '') ? index : min), 0);
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

function toCycle(edges: readonly ImportEdge[], rolesOf: (file: string) => readonly Role[]): Cycle {
  const above = ({ from, to }: ImportEdge) =>
    rolesOf(to).filter((role) => rolesOf(from).length > 0 && rolesOf(from).every((own) => layers.indexOf(own) < layers.indexOf(role)));
  // Imports of a higher layer first, then those with the fewest uses. Removing a re-export means work in each module that imports it here.
  const costOf = (edge: ImportEdge) => [above(edge).length > 0 ? 0 : 1, edge.by.kind === 're-export' ? 1 : 0, edge.by.uses];
  const cheapest = edges.reduce((best, edge) => (isLess(costOf(edge), costOf(best)) ? edge : best));
  return { edges, cheapest, above: above(cheapest) };
}

/** Compares by the first number that differs. */
function isLess(one: readonly number[], other: readonly number[]): boolean {
  const index = one.findIndex((number, position) => number !== other[position]);
  return index >= 0 && (one[index] ?? 0) < (other[index] ?? 0);
}
