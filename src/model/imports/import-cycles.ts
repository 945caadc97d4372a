import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { componentsOf, shortestPath } from '../graph/strongly-connected.js';
import { type Import, importsIn } from './import-declarations.js';
import { layers, type Role } from '../connections/roles.js';

/** One module imports another. */
export interface ImportEdge {
  readonly from: string;
  readonly to: string;
  readonly by: Import;
}

/** Modules that import one another in a circle, connection modules among them. */
export interface ImportCycle {
  /** Each leads to the next, and the last to the first. The module that comes first by name begins, so a circle has one name. */
  readonly edges: readonly ImportEdge[];
  /** The one to take out. */
  readonly cheapest: ImportEdge;
  /** The roles behind it that lie above its own module, and that this should not know. */
  readonly above: readonly Role[];
}

export interface ImportCycles {
  readonly cycles: readonly ImportCycle[];
  /** Files whose every change may make or break a circle. */
  readonly sccFiles: ReadonlySet<string>;
  /** Files that a further import can tie into a circle. */
  readonly reach: ReadonlySet<string>;
}

/**
 * The import circles among connection modules, looked for from these files on: the shortest through each of the modules.
 * What files name by a scan of their text says where to look; only there are files parsed, to know types and values apart.
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
  }).filter((component) => component.length > 1 && isAmongModules(component, rolesOf));
  const cycles = components.flatMap((tangle) => circlesIn(importsAmong(tangle, project, parse), rolesOf));
  return { cycles, sccFiles: new Set(components.flat()), reach };
}

/** One module alone may be tied to whomever it likes: it takes two to import one another. */
function isAmongModules(component: readonly string[], rolesOf: (file: string) => readonly Role[]): boolean {
  return component.filter((file) => rolesOf(file).length > 0).length > 1;
}

type Edges = ReadonlyMap<string, readonly ImportEdge[]>;

/** Sorted by name, so that the order of imports changes nothing. */
function importsAmong(files: readonly string[], project: Project, parse: (file: string) => TS.SourceFile): Edges {
  const members = new Set(files);
  return new Map(
    [...files].sort().map((from) => {
      const edges = importsOf(from, parse).flatMap((by) => {
        const to = project.resolve(from, by.specifier);
        return to !== undefined && to !== from && members.has(to) ? [{ from, to, by }] : [];
      });
      return [from, oneForEach(edges)];
    }),
  );
}

/** None of a file that is nested too deep for a stack: nobody wrote that by hand. */
function importsOf(file: string, parse: (file: string) => TS.SourceFile): Import[] {
  try {
    return importsIn(parse(file));
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** Of several imports of one module the first static one counts: it makes the others harmless, or harmless to cut. */
function oneForEach(edges: readonly ImportEdge[]): ImportEdge[] {
  const byTarget = new Map<string, ImportEdge>();
  for (const edge of edges) {
    const known = byTarget.get(edge.to);
    if (!known) byTarget.set(edge.to, edge);
    else if (known.by.kind === 'dynamic' && edge.by.kind === 'static') byTarget.set(edge.to, withUsesOf(edge, known));
    else byTarget.set(edge.to, withUsesOf(known, edge));
  }
  return [...byTarget.values()].sort((one, other) => (one.to < other.to ? -1 : 1));
}

function withUsesOf(edge: ImportEdge, other: ImportEdge): ImportEdge {
  return { ...edge, by: { ...edge.by, uses: edge.by.uses + other.by.uses, names: [...edge.by.names, ...other.by.names] } };
}

function circlesIn(edges: Edges, rolesOf: (file: string) => readonly Role[]): ImportCycle[] {
  const outOf = (file: string) => edges.get(file) ?? [];
  const components = componentsOf(edges.keys(), (file) => outOf(file).map(({ to }) => to));
  return components
    .filter((component) => component.length > 1 && isAmongModules(component, rolesOf))
    .flatMap((component) => {
      const members = new Set(component);
      const inside = new Map(
        component.map((file) => [
          file,
          outOf(file)
            .filter(({ to }) => members.has(to))
            .map((edge) => ({ edge, to: edge.to })),
        ]),
      );
      const starts = component.filter((file) => rolesOf(file).length > 0).sort();
      const cycles = starts.map((start) => fromFirst(shortestBackTo(start, (file) => inside.get(file) ?? [])));
      const distinct = new Map(cycles.map((edges) => [edges.map(({ from }) => from).join('\0'), edges]));
      return whatToTakeOut([...distinct.values()].map((edges) => circleOf(edges, rolesOf)));
    });
}

function shortestBackTo(
  start: string,
  edges: (file: string) => readonly { readonly edge: ImportEdge; readonly to: string }[],
): ImportEdge[] {
  const again = Symbol(start);
  const way = shortestPath<string | symbol, ImportEdge>(
    [start],
    (file) => (typeof file === 'symbol' ? [] : edges(file).map(({ edge, to }) => ({ edge, to: to === start ? again : to }))),
    (file) => file === again,
  );
  return way ?? [];
}

/** Taking out one import may end several circles: the shortest of them is told. */
function whatToTakeOut(cycles: readonly ImportCycle[]): ImportCycle[] {
  const told: ImportCycle[] = [];
  for (const cycle of [...cycles].sort((one, other) => one.edges.length - other.edges.length))
    if (!told.some(({ cheapest }) => cycle.edges.includes(cheapest))) told.push(cycle);
  return told;
}

/** Turned so that the module that comes first by name begins. */
function fromFirst(way: readonly ImportEdge[]): ImportEdge[] {
  const first = way.reduce((least, { from }, index) => (from < (way[least]?.from ?? '') ? index : least), 0);
  return [...way.slice(first), ...way.slice(0, first)];
}

function circleOf(edges: readonly ImportEdge[], rolesOf: (file: string) => readonly Role[]): ImportCycle {
  const above = ({ from, to }: ImportEdge) =>
    rolesOf(to).filter((role) => rolesOf(from).length > 0 && rolesOf(from).every((own) => layers.indexOf(own) < layers.indexOf(role)));
  // Against the arrows of the layers first, then what is used least; to take a re-export out is work for everybody who imports it here.
  const costOf = (edge: ImportEdge) => [above(edge).length > 0 ? 0 : 1, edge.by.kind === 're-export' ? 1 : 0, edge.by.uses];
  const cheapest = edges.reduce((best, edge) => (isLess(costOf(edge), costOf(best)) ? edge : best));
  return { edges, cheapest, above: above(cheapest) };
}

/** By the first number that differs. */
function isLess(one: readonly number[], other: readonly number[]): boolean {
  const index = one.findIndex((number, position) => number !== other[position]);
  return index >= 0 && (one[index] ?? 0) < (other[index] ?? 0);
}
