import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import { shortestPath } from '../graph/strongly-connected.js';
import { isConstEnumExport, isTypeExport } from './exported-types.js';
import { type Import, importsIn } from './import-declarations.js';

/** An import of one module by another. */
export interface ImportEdge {
  /** Absolute path of the importing module. */
  readonly from: string;
  /** Absolute path of the imported module. */
  readonly to: string;
  readonly by: Import;
}

/** After this many searches for one cycle, all modules are parsed: most of their imports are imports of types. */
const maxSearches = 64;

/**
 * The imports among the modules of one component. A module is parsed when a cycle that may exist passes it; until then, its imports are those
 * that the scan of its text names. `findImportCycles` creates one for each component.
 */
export class ImportEdges {
  readonly #members: ReadonlySet<string>;
  readonly #named = new Map<string, readonly string[]>();
  readonly #parsed = new Map<string, readonly ImportEdge[]>();

  constructor(
    files: readonly string[],
    private readonly project: Project,
    private readonly parse: (file: string) => TS.SourceFile,
  ) {
    this.#members = new Set(files);
  }

  /**
   * Returns the shortest cycle through a module, of several the first by name. The scan names no import too few. So the shortest cycle of
   * named imports is the shortest cycle if all its imports exist at run time; if one does not, the search is repeated without it.
   */
  shortestCycleThrough(start: string): readonly ImportEdge[] | undefined {
    for (let search = 1; ; search++) {
      const files = this.#shortestNamedCycle(start);
      if (!files) return undefined;
      if (files.every((file) => this.#parsed.has(file))) return this.#edgesAlong(files);
      for (const file of search < maxSearches ? files : this.#members) this.#edgesFrom(file);
    }
  }

  /** The files of the cycle, in its order. */
  #shortestNamedCycle(start: string): readonly string[] | undefined {
    // The goal needs a node of its own: as the start itself, it would be reached at once.
    const goal = Symbol(start);
    return shortestPath<string | symbol, string>(
      [start],
      (file) => (typeof file === 'symbol' ? [] : this.#successors(file).map((to) => ({ edge: file, to: to === start ? goal : to }))),
      (file) => file === goal,
    );
  }

  #successors(file: string): readonly string[] {
    return this.#parsed.get(file)?.map(({ to }) => to) ?? this.#namedBy(file);
  }

  #edgesAlong(files: readonly string[]): ImportEdge[] {
    return files.flatMap((file, index) => {
      const next = files[(index + 1) % files.length];
      return this.#edgesFrom(file).filter(({ to }) => to === next);
    });
  }

  #namedBy(file: string): readonly string[] {
    const known = this.#named.get(file) ?? [...this.project.importsOf(file)].filter((to) => to !== file && this.#members.has(to)).sort();
    this.#named.set(file, known);
    return known;
  }

  #edgesFrom(from: string): readonly ImportEdge[] {
    const known = this.#parsed.get(from);
    if (known) return known;
    const edges = importsOf(from, this.project, this.parse).flatMap((by) => {
      const to = this.project.resolve(from, by.specifier);
      return to !== undefined && to !== from && this.#members.has(to) ? [{ from, to, by }] : [];
    });
    const merged = oneEdgePerTarget(edges);
    this.#parsed.set(from, merged);
    return merged;
  }
}

/** A cheap test before a parse. */
const namesConstEnum: TextQuestion = { kind: 'matches', patterns: [patternText(/\bconst\s+enum\b/)] };

function importsOf(file: string, project: Project, parse: (file: string) => TS.SourceFile): Import[] {
  const targetOf = (specifier: string) => project.resolve(file, specifier);
  return importsIn(parse(file), project.importOptionsOf(file), {
    isType: (specifier, name) => {
      const target = targetOf(specifier);
      return target !== undefined && isTypeExport(parse(target), name);
    },
    isConstEnum: (specifier, name) => {
      const target = targetOf(specifier);
      return target !== undefined && project.ask(target, namesConstEnum) !== '' && isConstEnumExport(parse(target), name);
    },
  });
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
