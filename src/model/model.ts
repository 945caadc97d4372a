import type { ts as TS } from 'ts-morph';
import type { Change, Project } from '../project/project.js';
import { type Accessor, type AccessorSetting, declaredAccessors, detectedAccessors, modesOf } from './connections/accessors.js';
import { CallGraph } from './call-graph/call-graph.js';
import { type ClientPackage, clientPackages } from './clients/client-packages.js';
import { type Construction, findConstructions } from './connections/constructions.js';
import { isTooDeep } from './typescript/nesting-depth.js';
import { follow, type Followed } from './dataflow/analyze-flow.js';
import { Makers, makersExportedBy } from './clients/providers.js';
import { declaredManagers, detectedManagers, type Manager } from './connections/managers.js';
import { SliceProgram } from './slice/slice-program.js';
import { findImportCircles, type ImportCircle, type ImportCircles } from './imports/import-cycles.js';
import { findNestedAcquires, type NestedAcquire } from './pools/nested-acquires.js';
import { findRawClients } from './connections/exported-clients.js';
import { findHonest, findRecursions, findUnbypassedCalls, type Recursion, type UnbypassedCall } from './recursion/recursion.js';
import { type DeclaredRoles, type Role, Roles } from './connections/roles.js';
import { closeSlice, importCircle, load, Markers } from './slice/slice.js';
import { makeStubs, type Stubs } from './clients/stubs.js';
import { type Routine, routinesIn } from './typescript/syntax.js';
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
  readonly importCircles: () => readonly ImportCircle[];
  /** What a module is for, where that matters to a circle. */
  readonly rolesOf: (file: string) => readonly Role[];
  readonly recursions: readonly Recursion[];
  readonly unbypassedCalls: readonly UnbypassedCall[];
  /** Found when asked for: only the strict preset wants them. */
  readonly nestedAcquires: () => readonly NestedAcquire[];
  /** Accessors whose bypass surely ends the circle. */
  readonly honest: ReadonlySet<Accessor>;
  /** Files that were looked at in depth. */
  readonly slice: ReadonlySet<string>;
  /** Files that could not be: they are nested too deep. */
  readonly leftOut: ReadonlySet<string>;
}

/** So many questions in a row without a change say that this is a run over files, and not an editor. */
const restsAfter = 100;

const nothing: Model = {
  constructions: [],
  wrappers: () => [],
  accessors: [],
  managers: [],
  importCircles: () => [],
  rolesOf: () => [],
  recursions: [],
  unbypassedCalls: [],
  nestedAcquires: () => [],
  honest: new Set(),
  slice: new Set(),
  leftOut: new Set(),
};

/** Keeps a model of a project that changes. Builds it when asked, and again only after a change that may matter. */
export class ModelSource {
  readonly #markers: Markers;
  readonly #stubs: Stubs;
  readonly #monsters = new Set<string>();
  #program: SliceProgram | undefined;
  #model: Model | undefined;
  /** How many times in a row nothing had changed; undefined once something has. */
  #quiet: number | undefined = 0;
  #version = 0;
  #slice: ReadonlySet<string> = new Set();
  /** Files that code of an accessor can reach by imports: a change there can close a circle. */
  #reach: ReadonlySet<string> = new Set();
  #circles: ImportCircles | undefined;

  constructor(
    private readonly project: Project,
    private readonly settings: ModelSettings,
  ) {
    // A package of the project that happens to have a client's name is not that client.
    const packages = [...clientPackages, ...settings.clients].filter((entry) => !project.packages.has(entry.package));
    this.#stubs = makeStubs(packages);
    this.#markers = new Markers(
      packages.map((entry) => entry.package),
      (file) => settings.isManager?.(file) === true || settings.accessors.some((accessor) => accessor.file === file),
    );
  }

  get model(): Model {
    this.#model ??= this.#buildWithoutMonsters();
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
  apply(change: Change): void {
    for (const file of change.files) {
      this.#markers.forget(file);
      this.#monsters.delete(file);
    }
    this.#rest(change.files.size > 0);
    const isStale = change.structure || [...change.files].some((file) => this.#matters(file, change));
    if (!isStale && !this.#mayTie(change)) return;
    if (isStale) this.#model = undefined;
    this.#circles = undefined;
    this.#version++;
  }

  /**
   * A run that asks once about each file needs the model no second time, and a linter that walks thousands of trees collects its
   * garbage faster without it: so it goes, and can be made again. A process that sees changes keeps it.
   */
  #rest(hasChanged: boolean): void {
    if (hasChanged) this.#quiet = undefined;
    if (this.#quiet === undefined || ++this.#quiet < restsAfter) return;
    this.#quiet = 0;
    this.#program = undefined;
    this.#model = undefined;
  }

  #mayTie({ files, relinked }: Change): boolean {
    const circles = this.#circles;
    return (
      circles !== undefined &&
      ([...files].some((file) => circles.tangled.has(file)) || [...relinked].some((file) => circles.reach.has(file)))
    );
  }

  #matters(file: string, { relinked }: Change): boolean {
    const { slice } = this;
    if (slice.has(file) || (this.#reach.has(file) && relinked.has(file)) || this.#markers.isIn(this.project, file)) return true;
    return slice.size > 0 && [...this.project.importsOf(file)].some((target) => slice.has(target));
  }

  /** One file that is nested too deep for a stack must not cost the findings in all others. */
  #buildWithoutMonsters(): Model {
    try {
      return this.#build();
    } catch (error) {
      const program = this.#program;
      const monsters = [...(program?.files ?? [])].filter((file) => isTooDeep(file, program?.textOf(file) ?? ''));
      if (!(error instanceof RangeError) || monsters.length === 0) throw error;
      for (const file of monsters) this.#monsters.add(file);
      this.#program = undefined;
      return this.#build();
    }
  }

  #build(): Model {
    const seeds = new Set([...this.#markers.find(this.project)].filter((file) => !this.#monsters.has(file)));
    if (seeds.size === 0) return nothing;
    const program = this.#program ?? new SliceProgram(this.#stubs.text, (from, specifier) => this.project.resolve(from, specifier));
    this.#program = program;
    const slice = new Set(closeSlice(this.project, program, seeds, this.#monsters));
    let routines = sourcesOf(program, slice).flatMap(routinesIn);
    let accessors = this.#accessors(program, routines);
    const { circle, reach } = importCircle(
      this.project,
      new Set(accessors.map(({ routine }) => routine.getSourceFile().fileName)),
      this.#giving(program, slice),
    );
    this.#reach = reach;
    const size = slice.size;
    for (const file of circle) if (!this.#monsters.has(file)) slice.add(file);
    if (slice.size > size) {
      load(this.project, program, slice);
      routines = sourcesOf(program, slice).flatMap(routinesIn);
      accessors = this.#accessors(program, routines);
    }
    return this.#judge(program, slice, routines, accessors);
  }

  /** Without settings, whoever gives clients may be asked for one by whom it asks. */
  #giving(program: SliceProgram, slice: ReadonlySet<string>): ReadonlySet<string> {
    const sources =
      this.settings.accessors.length > 0 ? [] : sourcesOf(program, slice).filter(({ fileName }) => !this.settings.roles.isTest(fileName));
    return new Set(sources.filter((source) => makersExportedBy(source, program.checker).length > 0).map(({ fileName }) => fileName));
  }

  #accessors(program: SliceProgram, routines: readonly Routine[]): Accessor[] {
    if (this.settings.accessors.length > 0) return declaredAccessors(routines, this.settings.accessors, program.checker);
    return detectedAccessors(routines, new Makers(program.checker), program.checker);
  }

  #judge(program: SliceProgram, slice: ReadonlySet<string>, routines: readonly Routine[], flagged: readonly Accessor[]): Model {
    const calls = this.#follow(program, sourcesOf(program, slice));
    const unflagged =
      this.settings.accessors.length > 0
        ? []
        : unflaggedAccessors(new CallGraph(calls.sites, program.checker, new Set()), flagged, new Makers(program.checker), program.checker);
    const candidates = [...flagged, ...unflagged];
    const graph = new CallGraph(calls.sites, program.checker, modesOf(candidates));
    const recursions = findRecursions(candidates, graph);
    // Without a switch it is the circle that makes a function an accessor.
    const accessors = candidates.filter(
      (accessor) => flagged.includes(accessor) || recursions.some((recursion) => recursion.accessor === accessor),
    );
    const managers = this.settings.isManager
      ? declaredManagers(routines, this.settings.isManager)
      : detectedManagers(accessors, graph, routines);
    const constructions = findConstructions(calls.sites, calls.handed);
    const roles = new Roles(
      this.settings.roles,
      {
        constructing: new Set(constructions.map(({ span }) => span.file)),
        managing: filesOf(managers.flatMap((manager) => manager.routines)),
        accessing: filesOf(accessors.map(({ routine }) => routine)),
      },
      this.project,
      program,
    );
    return {
      constructions,
      importCircles: () =>
        (this.#circles ??= findImportCircles(
          this.project,
          slice,
          (file) => program.parsed(file, this.project.text(file) ?? ''),
          (file) => roles.of(file),
        )).circles,
      rolesOf: (file) => roles.of(file),
      wrappers: () => [
        ...findWrappers(calls.sites, constructions),
        ...findRawClients(sourcesOf(program, slice), program.checker, this.project),
      ],
      accessors,
      managers,
      recursions,
      unbypassedCalls: findUnbypassedCalls(accessors, managers, graph),
      nestedAcquires: () => findNestedAcquires(calls.sites, graph, program.checker),
      honest: findHonest(accessors, graph),
      slice,
      leftOut: this.#monsters,
    };
  }

  #follow(program: SliceProgram, files: readonly TS.SourceFile[]): Followed {
    return follow(files, program.checker, this.#stubs, (from, specifier) => {
      const file = this.project.resolve(from.fileName, specifier);
      return file === undefined ? undefined : program.sourceFile(file);
    });
  }
}

function filesOf(routines: readonly Routine[]): ReadonlySet<string> {
  return new Set(routines.map((routine) => routine.getSourceFile().fileName));
}

function sourcesOf(program: SliceProgram, slice: ReadonlySet<string>): TS.SourceFile[] {
  return [...slice].map((file) => program.sourceFile(file)).filter((source) => source !== undefined);
}
