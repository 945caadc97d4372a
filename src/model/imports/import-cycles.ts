import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { componentsOf, shortestPath } from '../graph/strongly-connected.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isTypeExport } from './exported-types.js';
import { type Import, importsIn } from './import-declarations.js';
import { layers, type Role } from '../connections/roles.js';

/** An import of one module by another. */
export interface ImportEdge {
  /** Absolute path of the importing module. */
  readonly from: string;
  /** Absolute path of the imported module. */
  readonly to: string;
  readonly by: Import;
}

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
  /** Files of strongly connected components. Any edit in one can create or end a cycle. */
  readonly sccFiles: ReadonlySet<string>;
  /** Files from which a further import can create a cycle. */
  readonly reach: ReadonlySet<string>;
}

/**
 * Returns the import cycles among connection modules that can be reached from `files`: the shortest through each connection module. A scan
 * of specifiers finds the components; only their files are parsed, to leave out imports of types. The model's `importCycles` calls it.
 */
export function findImportCycles(
  project: Project,
  files: Iterable<string>,
  parse: (file: string) => TS.SourceFile,
  rolesOf: (file: string) => readonly Role[],
): ImportCycles {
  const reach = new Set<string>();
  const components = componentsOf(files, (file) => {
    reach.add(file);
    return project.importsOf(file);
  }).filter((component) => component.length > 1 && hasTwoConnectionModules(component, rolesOf));
  const cycles = components
    .flatMap((component) => cyclesIn(importsAmong(component, project, parse), rolesOf))
    .map((cycle) => ({ ...cycle, importsClass: declaresClass(parse(cycle.cheapest.to), cycle.cheapest.by.names) }));
  return { cycles, sccFiles: new Set(components.flat()), reach };
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

type Edges = ReadonlyMap<string, readonly ImportEdge[]>;

/** The edges inside a component, sorted by name, so that the order of imports does not matter. */
function importsAmong(files: readonly string[], project: Project, parse: (file: string) => TS.SourceFile): Edges {
  const members = new Set(files);
  return new Map(
    [...files].sort().map((from) => {
      const edges = importsOf(from, project, parse).flatMap((by) => {
        const to = project.resolve(from, by.specifier);
        return to !== undefined && to !== from && members.has(to) ? [{ from, to, by }] : [];
      });
      return [from, oneEdgePerTarget(edges)];
    }),
  );
}

/** Returns none for a file whose nesting overflows the stack: such files are generated. */
function importsOf(file: string, project: Project, parse: (file: string) => TS.SourceFile): Import[] {
  const isType = (specifier: string, name: string): boolean => {
    const target = project.resolve(file, specifier);
    return target !== undefined && isTypeExport(parse(target), name);
  };
  try {
    return importsIn(parse(file), project.importOptionsOf(file), isType);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** Merges the imports of the same module into one edge. A static import replaces a dynamic one, whose removal would not end the cycle. */
function oneEdgePerTarget(edges: readonly ImportEdge[]): ImportEdge[] {
  const byTarget = new Map<string, ImportEdge>();
  for (const edge of edges) {
    const earlier = byTarget.get(edge.to);
    if (!earlier) byTarget.set(edge.to, edge);
    else if (earlier.by.kind === 'dynamic' && edge.by.kind === 'static') byTarget.set(edge.to, withUsesOf(edge, earlier));
    else byTarget.set(edge.to, withUsesOf(earlier, edge));
  }
  return [...byTarget.values()].sort((one, other) => (one.to < other.to ? -1 : 1));
}

function withUsesOf(edge: ImportEdge, other: ImportEdge): ImportEdge {
  return {
    ...edge,
    by: {
      ...edge.by,
      uses: edge.by.uses + other.by.uses,
      names: [...edge.by.names, ...other.by.names],
      isInjected: edge.by.isInjected || other.by.isInjected,
    },
  };
}

function cyclesIn(edges: Edges, rolesOf: (file: string) => readonly Role[]): Cycle[] {
  const edgesFrom = (file: string) => edges.get(file) ?? [];
  const components = componentsOf(edges.keys(), (file) => edgesFrom(file).map(({ to }) => to));
  return components
    .filter((component) => component.length > 1 && hasTwoConnectionModules(component, rolesOf))
    .flatMap((component) => {
      const members = new Set(component);
      const inside = new Map(
        component.map((file) => [
          file,
          edgesFrom(file)
            .filter(({ to }) => members.has(to))
            .map((edge) => ({ edge, to: edge.to })),
        ]),
      );
      const starts = component.filter((file) => rolesOf(file).length > 0).sort();
      const cycles = starts.map((start) => startAtFirstName(shortestBackTo(start, (file) => inside.get(file) ?? [])));
      // The shortest cycle through a connection module can be one with other code alone.
      const connecting = cycles.filter((edges) => hasTwoConnectionModules([...new Set(edges.map(({ from }) => from))], rolesOf));
      const distinct = new Map(connecting.map((edges) => [edges.map(({ from }) => from).join('\0'), edges]));
      return dedupeByCheapest([...distinct.values()].map((edges) => toCycle(edges, rolesOf)));
    });
}

function shortestBackTo(
  start: string,
  edges: (file: string) => readonly { readonly edge: ImportEdge; readonly to: string }[],
): ImportEdge[] {
  // The goal needs a node of its own: as the start itself, it would be reached at once.
  const goal = Symbol(start);
  const path = shortestPath<string | symbol, ImportEdge>(
    [start],
    (file) => (typeof file === 'symbol' ? [] : edges(file).map(({ edge, to }) => ({ edge, to: to === start ? goal : to }))),
    (file) => file === goal,
  );
  return path ?? [];
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
