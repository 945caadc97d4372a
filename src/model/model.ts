import type { ts as TS } from 'ts-morph';
import type { ProjectChange, Project } from '../project/project.js';
import { type Accessor, type AccessorSetting, declaredAccessors, detectedAccessors, modesOf } from './connections/accessors.js';
import { CallGraph } from './call-graph/call-graph.js';
import { type ClientPackage, clientPackages } from './clients/client-packages.js';
import { type Construction, findConstructions } from './connections/constructions.js';
import { isTooDeep } from './typescript/nesting-depth.js';
import { analyzeFlow, type FlowResult } from './dataflow/analyze-flow.js';
import { ClientProviders, exportedProviders } from './clients/providers.js';
import { declaredManagers, detectedManagers, type Manager } from './connections/managers.js';
import { SliceProgram } from './slice/slice-program.js';
import { findImportCycles, type ImportCycle, type ImportCycles } from './imports/import-cycles.js';
import { findNestedAcquires, type NestedAcquire } from './pools/nested-acquires.js';
import { findExportedClients } from './connections/exported-clients.js';
import { findBypassHonored, findRecursions, findUnbypassedCalls, type Recursion, type UnbypassedCall } from './recursion/recursion.js';
import { type DeclaredRoles, type Role, Roles } from './connections/roles.js';
import { expandSlice, cycleNeighborhood, load, SeedFiles } from './slice/slice.js';
import { makeStubs, type Stubs } from './clients/stubs.js';
import { type Callable, callablesIn } from './typescript/syntax.js';
import { unflaggedAccessors } from './recursion/unflagged-accessors.js';
import { findWrappers, type Wrapper } from './connections/wrappers.js';

/** What a user may say that changes the meaning of the code. */
export interface ModelSettings {
  readonly clients: readonly ClientPackage[];
  readonly accessors: readonly AccessorSetting[];
  /** Does this module manage clients? Undefined where nobody said which do. */
  readonly isManager: ((file: string) => boolean) | undefined;
  readonly roles: DeclaredRoles;
}

/** What the code means, at one moment. Plain enough to be judged by any rule; holds nodes, so it ends with the next change. */
export interface Model {
  readonly constructions: readonly Construction[];
  /** Found when asked for: no rule needs them. */
  readonly wrappers: () => readonly Wrapper[];
  readonly accessors: readonly Accessor[];
  readonly managers: readonly Manager[];
  /** Found when asked for, and kept longer than the rest: most edits change no import. */
  readonly importCycles: () => readonly ImportCycle[];
  /** What a module is for, where that matters to a circle. */
  readonly rolesOf: (file: string) => readonly Role[];
  readonly recursions: readonly Recursion[];
  readonly unbypassedCalls: readonly UnbypassedCall[];
  /** Found when asked for: only the strict preset wants them. */
  readonly nestedAcquires: () => readonly NestedAcquire[];
  /** Accessors whose bypass surely ends the circle. */
  readonly bypassHonored: ReadonlySet<Accessor>;
  /** Files that were looked at in depth. */
  readonly slice: ReadonlySet<string>;
  /** Files that could not be: they are nested too deep. */
  readonly skippedFiles: ReadonlySet<string>;
}

/** So many questions in a row without a change say that this is a run over files, and not an editor. */
const releaseAfterQueries = 100;

const emptyModel: Model = {
  constructions: [],
  wrappers: () => [],
  accessors: [],
  managers: [],
  importCycles: () => [],
  rolesOf: () => [],
  recursions: [],
  unbypassedCalls: [],
  nestedAcquires: () => [],
  bypassHonored: new Set(),
  slice: new Set(),
  skippedFiles: new Set(),
};

/** Keeps a model of a project that changes. Builds it when asked, and again only after a change that may matter. */
export class ModelCache {
  readonly #seedFiles: SeedFiles;
  readonly #stubs: Stubs;
  readonly #filesTooDeep = new Set<string>();
  #program: SliceProgram | undefined;
  #model: Model | undefined;
  /** How many times in a row nothing had changed; undefined once something has. */
  #unchangedQueries: number | undefined = 0;
  #version = 0;
  #slice: ReadonlySet<string> = new Set();
  /** Files that code of an accessor can reach by imports: a change there can close a circle. */
  #reach: ReadonlySet<string> = new Set();
  #importCycles: ImportCycles | undefined;

  constructor(
    private readonly project: Project,
    private readonly settings: ModelSettings,
  ) {
    // A package of the project that happens to have a client's name is not that client.
    const packages = [...clientPackages, ...settings.clients].filter((entry) => !project.packages.has(entry.package));
    this.#stubs = makeStubs(packages);
    this.#seedFiles = new SeedFiles(
      packages.map((entry) => entry.package),
      (file) => settings.isManager?.(file) === true || settings.accessors.some((accessor) => accessor.file === file),
    );
  }

  get model(): Model {
    this.#model ??= this.#buildWithoutTooDeepFiles();
    this.#slice = this.#model.slice;
    return this.#model;
  }

  /** Another one says that the model may say something else. */
  get version(): number {
    return this.#version;
  }

  /** The files that the last model was made of. */
  get slice(): ReadonlySet<string> {
    return this.#slice;
  }

  /** Takes note that files differ. */
  invalidate(change: ProjectChange): void {
    for (const file of change.files) {
      this.#seedFiles.forget(file);
      this.#filesTooDeep.delete(file);
    }
    this.#releaseIfIdle(change.files.size > 0);
    const isStale = change.resolutionChanged || [...change.files].some((file) => this.#affectsModel(file, change));
    if (!isStale && !this.#mayAffectCycles(change)) return;
    if (isStale) this.#model = undefined;
    this.#importCycles = undefined;
    this.#version++;
  }

  /**
   * A run that asks once about each file needs the model no second time, and a linter that walks thousands of trees collects its
   * garbage faster without it: so it goes, and can be made again. A process that sees changes keeps it.
   */
  #releaseIfIdle(hasChanged: boolean): void {
    if (hasChanged) this.#unchangedQueries = undefined;
    if (this.#unchangedQueries === undefined || ++this.#unchangedQueries < releaseAfterQueries) return;
    this.#unchangedQueries = 0;
    this.#program = undefined;
    this.#model = undefined;
  }

  #mayAffectCycles({ files, importsChanged }: ProjectChange): boolean {
    const circles = this.#importCycles;
    return (
      circles !== undefined &&
      ([...files].some((file) => circles.sccFiles.has(file)) || [...importsChanged].some((file) => circles.reach.has(file)))
    );
  }

  #affectsModel(file: string, { importsChanged }: ProjectChange): boolean {
    const { slice } = this;
    if (slice.has(file) || (this.#reach.has(file) && importsChanged.has(file)) || this.#seedFiles.isIn(this.project, file)) return true;
    return slice.size > 0 && [...this.project.importsOf(file)].some((target) => slice.has(target));
  }

  /** One file that is nested too deep for a stack must not cost the findings in all others. */
  #buildWithoutTooDeepFiles(): Model {
    try {
      return this.#build();
    } catch (error) {
      const program = this.#program;
      const filesTooDeep = [...(program?.files ?? [])].filter((file) => isTooDeep(file, program?.textOf(file) ?? ''));
      if (!(error instanceof RangeError) || filesTooDeep.length === 0) throw error;
      for (const file of filesTooDeep) this.#filesTooDeep.add(file);
      this.#program = undefined;
      return this.#build();
    }
  }

  #build(): Model {
    const seeds = new Set([...this.#seedFiles.find(this.project)].filter((file) => !this.#filesTooDeep.has(file)));
    if (seeds.size === 0) return emptyModel;
    const program = this.#program ?? new SliceProgram(this.#stubs.text, (from, specifier) => this.project.resolve(from, specifier));
    this.#program = program;
    const slice = new Set(expandSlice(this.project, program, seeds, this.#filesTooDeep));
    let callables = sourcesOf(program, slice).flatMap(callablesIn);
    let accessors = this.#accessors(program, callables);
    const { cycle, reach } = cycleNeighborhood(
      this.project,
      new Set(accessors.map(({ callable }) => callable.getSourceFile().fileName)),
      this.#providerFiles(program, slice),
    );
    this.#reach = reach;
    const size = slice.size;
    for (const file of cycle) if (!this.#filesTooDeep.has(file)) slice.add(file);
    if (slice.size > size) {
      load(this.project, program, slice);
      callables = sourcesOf(program, slice).flatMap(callablesIn);
      accessors = this.#accessors(program, callables);
    }
    return this.#findFacts(program, slice, callables, accessors);
  }

  /** Without settings, whoever gives clients may be asked for one by whom it asks. */
  #providerFiles(program: SliceProgram, slice: ReadonlySet<string>): ReadonlySet<string> {
    const sources =
      this.settings.accessors.length > 0 ? [] : sourcesOf(program, slice).filter(({ fileName }) => !this.settings.roles.isTest(fileName));
    return new Set(sources.filter((source) => exportedProviders(source, program.checker).length > 0).map(({ fileName }) => fileName));
  }

  #accessors(program: SliceProgram, callables: readonly Callable[]): Accessor[] {
    if (this.settings.accessors.length > 0) return declaredAccessors(callables, this.settings.accessors, program.checker);
    return detectedAccessors(callables, new ClientProviders(program.checker), program.checker);
  }

  #findFacts(program: SliceProgram, slice: ReadonlySet<string>, callables: readonly Callable[], withFlag: readonly Accessor[]): Model {
    const calls = this.#analyzeFlow(program, sourcesOf(program, slice));
    const withoutFlag =
      this.settings.accessors.length > 0
        ? []
        : unflaggedAccessors(
            new CallGraph(calls.sites, program.checker, new Set()),
            withFlag,
            new ClientProviders(program.checker),
            program.checker,
          );
    const candidates = [...withFlag, ...withoutFlag];
    const graph = new CallGraph(calls.sites, program.checker, modesOf(candidates));
    const recursions = findRecursions(candidates, graph);
    // Without a switch it is the circle that makes a function an accessor.
    const accessors = candidates.filter(
      (accessor) => withFlag.includes(accessor) || recursions.some((recursion) => recursion.accessor === accessor),
    );
    const managers = this.settings.isManager
      ? declaredManagers(callables, this.settings.isManager)
      : detectedManagers(accessors, graph, callables);
    const constructions = findConstructions(calls.sites, calls.escaped);
    const roles = new Roles(
      this.settings.roles,
      {
        factoryFiles: new Set(constructions.map(({ span }) => span.file)),
        managerFiles: filesOf(managers.flatMap((manager) => manager.callables)),
        accessorFiles: filesOf(accessors.map(({ callable }) => callable)),
      },
      this.project,
      program,
    );
    return {
      constructions,
      importCycles: () =>
        (this.#importCycles ??= findImportCycles(
          this.project,
          slice,
          (file) => program.parsed(file, this.project.text(file) ?? ''),
          (file) => roles.of(file),
        )).cycles,
      rolesOf: (file) => roles.of(file),
      wrappers: () => [
        ...findWrappers(calls.sites, constructions),
        ...findExportedClients(sourcesOf(program, slice), program.checker, this.project),
      ],
      accessors,
      managers,
      recursions,
      unbypassedCalls: findUnbypassedCalls(accessors, managers, graph),
      nestedAcquires: () => findNestedAcquires(calls.sites, graph, program.checker),
      bypassHonored: findBypassHonored(accessors, graph),
      slice,
      skippedFiles: this.#filesTooDeep,
    };
  }

  #analyzeFlow(program: SliceProgram, files: readonly TS.SourceFile[]): FlowResult {
    return analyzeFlow(files, program.checker, this.#stubs, (from, specifier) => {
      const file = this.project.resolve(from.fileName, specifier);
      return file === undefined ? undefined : program.sourceFile(file);
    });
  }
}

function filesOf(callables: readonly Callable[]): ReadonlySet<string> {
  return new Set(callables.map((callable) => callable.getSourceFile().fileName));
}

function sourcesOf(program: SliceProgram, slice: ReadonlySet<string>): TS.SourceFile[] {
  return [...slice].map((file) => program.sourceFile(file)).filter((source) => source !== undefined);
}
