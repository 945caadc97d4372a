import { relativeTo } from '../project/paths.js';
import type { Project, ProjectChange } from '../project/project.js';
import type { Trace } from '../trace/trace.js';
import { buildModel } from './build-model.js';
import { type ClientImports, createClientImports } from './clients/client-imports.js';
import { runtimePackage } from './clients/client-packages.js';
import { stubFolder } from './clients/stubs.js';
import type { FactoryInference } from './factories/infer-factories.js';
import type { ImportCycles } from './imports/import-cycles.js';
import type { Model, ModelSettings } from './model.js';
import { SeedFiles } from './slice/seed-files.js';
import { SliceProgram } from './slice/slice-program.js';
import type { StatementCode } from './statements/statement-code.js';
import { overflowingFiles } from './typescript/overflowing-files.js';

/** After this many queries without a change the process is taken for a batch run, and the model is released. */
const releaseAfterQueries = 100;

/**
 * Keeps the model of a project that changes: builds it when it is read, and again only after an edit that can change it.
 * `ProjectAnalysis` reads the model and passes on each change of the project.
 */
export class ModelCache {
  /** The client imports and seed files, by the manifests of the project; undefined until the next query. */
  #clients: { readonly imports: ClientImports; readonly seedFiles: SeedFiles } | undefined;
  readonly #skippedFiles = new Set<string>();
  #program: SliceProgram | undefined;
  #model: Model | undefined;
  /** Queries in a row without a change; undefined once the process has seen a change. */
  #unchangedQueries: number | undefined = 0;
  #version = 0;
  #slice: ReadonlySet<string> = new Set();
  #importReach: ReadonlySet<string> = new Set();
  #importCycles: ImportCycles | undefined;
  #factories: FactoryInference | undefined;
  #statementCode: StatementCode | undefined;

  constructor(
    private readonly project: Project,
    private readonly settings: ModelSettings,
    private readonly trace: Trace,
  ) {}

  /** The model of the project as it is. Built at the first read after an edit that can change it. */
  get model(): Model {
    this.#model ??= this.#build();
    return this.#model;
  }

  /** A number that changes whenever results that were derived from the model become stale. */
  get version(): number {
    return this.#version;
  }

  /** Absolute paths of the files that the last model was built from. */
  get slice(): ReadonlySet<string> {
    return this.#slice;
  }

  /** Discards what the change can affect. Called before each query, also if nothing has changed. */
  invalidate(change: ProjectChange): void {
    if (change.resolutionChanged || this.#isClientModule(change)) {
      // The program keeps what imports of unchanged files resolved to.
      this.#clients = undefined;
      this.#program = undefined;
    }
    for (const file of change.files) {
      this.#clients?.seedFiles.forget(file);
      this.#skippedFiles.delete(file);
    }
    this.#releaseIfIdle(change.files.size > 0);
    const isStale = change.resolutionChanged || [...change.affecting].some((file) => this.#affectsModel(file, change));
    if (!isStale && change.affecting.size === 0) return;
    if (isStale) this.#model = undefined;
    // They read files outside the slice.
    this.#importCycles = undefined;
    this.#factories = undefined;
    this.#statementCode = undefined;
    this.#version++;
  }

  /**
   * Releases the model in a batch run: it reads the model once, and without it a linter that walks thousands of trees collects its
   * garbage faster. The model can be built again. A process that sees changes keeps it.
   */
  #releaseIfIdle(hasChanged: boolean): void {
    if (hasChanged) this.#unchangedQueries = undefined;
    if (this.#unchangedQueries === undefined || ++this.#unchangedQueries < releaseAfterQueries) return;
    this.#unchangedQueries = 0;
    this.#program = undefined;
    this.#statementCode = undefined;
    this.#model = undefined;
  }

  #affectsModel(file: string, { importsChanged }: ProjectChange): boolean {
    const { slice } = this;
    if (
      slice.has(file) ||
      (this.#importReach.has(file) && importsChanged.has(file)) ||
      this.#readClients().seedFiles.isSeed(this.project, file)
    )
      return true;
    // A module that the slice imports can turn out to be a registry.
    const neighbors = slice.size > 0 ? [...this.project.importsOf(file), ...this.project.importersOf(file)] : [];
    return neighbors.some((neighbor) => slice.has(neighbor));
  }

  #build(): Model {
    const model = this.#buildWithRetry();
    this.#slice = model.slice;
    this.#importReach = model.importReach;
    const fact = <Fact>(read: (model: Model) => Fact): Fact => this.#readFact(model, read);
    const factories = () => (this.#factories ??= fact((read) => read.factories()));
    return {
      ...model,
      missingConstructors: () => fact((read) => read.missingConstructors()),
      wrappers: () => fact((read) => read.wrappers()),
      rolesOf: (file) => fact((read) => read.rolesOf(file)),
      nestedAcquires: () => fact((read) => read.nestedAcquires()),
      unreleased: () => fact((read) => read.unreleased()),
      connectionMap: () => fact((read) => read.connectionMap()),
      duplicateClients: () => fact((read) => read.duplicateClients(factories)),
      concreteTypes: () => fact((read) => read.concreteTypes()),
      usesRuntime: () => fact((read) => read.usesRuntime()),
      adhocMocks: () => fact((read) => read.adhocMocks()),
      statementLimits: () => this.#statementCode?.limits ?? [],
      unreadResults: () => fact((read) => read.unreadResults()),
      swallowedErrors: () => fact((read) => read.swallowedErrors()),
      errorTextMatches: () => fact((read) => read.errorTextMatches()),
      failureHandling: () => fact((read) => read.failureHandling()),
      outsideSettings: () => fact((read) => read.outsideSettings(read.constructions.length > 0 ? factories() : undefined)),
      rawRequests: () => fact((read) => read.rawRequests(read.constructions.length > 0 ? factories : undefined)),
      // These outlive the model: most edits change no import.
      importCycles: () => (this.#importCycles ??= fact((read) => read.importCycles())),
      factories,
    };
  }

  #buildWithRetry(): Model {
    for (;;) {
      try {
        return this.#buildOnce();
      } catch (error) {
        this.#skipOverflowing(error);
      }
    }
  }

  /** Reads a fact that is computed now. If a file overflows the stack, the fact is that of a model without this file. */
  #readFact<Fact>(model: Model, read: (model: Model) => Fact): Fact {
    try {
      return read(model);
    } catch (error) {
      const skipped = this.#skipOverflowing(error);
      if (skipped.some((file) => model.slice.has(file))) {
        this.#model = undefined;
        this.#version++;
      }
      return read(this.model);
    }
  }

  /**
   * Skips the files that overflow the stack, so that all others can be analysed, and returns them. Throws any other error. An overflow that
   * no file explains alone, such as a chain of calls through many files, costs all files that were read.
   */
  #skipOverflowing(error: unknown): readonly string[] {
    const read = [...(this.#program?.read ?? [])].filter(([file]) => !this.#skippedFiles.has(file));
    if (!(error instanceof RangeError) || read.length === 0) throw error;
    const explained = overflowingFiles(read, (file) => this.#program?.sourceFile(file) !== undefined);
    const skipped = explained.length > 0 ? explained : read.map(([file]) => file);
    for (const file of skipped) {
      this.trace.fact(() => `${relativeTo(this.project.root, file)} is skipped: it overflows the stack`);
      this.#skippedFiles.add(file);
    }
    this.#program = undefined;
    this.#statementCode = undefined;
    return skipped;
  }

  /** Whether a client module changed: its text decides about the form of its stub. */
  #isClientModule({ files }: ProjectChange): boolean {
    return this.#clients?.imports.modules.some((module) => files.has(module)) === true;
  }

  #readClients(): { readonly imports: ClientImports; readonly seedFiles: SeedFiles } {
    if (this.#clients) return this.#clients;
    const imports = createClientImports(this.project, this.settings.clients);
    const { isManager, accessors } = this.settings;
    const isDeclared = (file: string) => isManager?.(file) === true || accessors.some((accessor) => accessor.file === file);
    this.#clients = { imports, seedFiles: new SeedFiles(imports, isDeclared, this.settings.roles.isTest) };
    return this.#clients;
  }

  #buildOnce(): Model {
    this.trace.fact(() => `model of ${this.project.root}, ${this.project.sources.size} source files`);
    const { imports, seedFiles } = this.#readClients();
    return buildModel({
      project: this.project,
      settings: this.settings,
      stubs: imports.stubs,
      seedFiles,
      openProgram: () => this.#openProgram(),
      resolve: imports.resolve,
      keepStatementCode: (read) => (this.#statementCode ??= read()),
      isClientPackage: (file, specifier) => imports.resolve(file, specifier)?.startsWith(stubFolder) === true || isRuntime(specifier),
      skippedFiles: this.#skippedFiles,
      trace: this.trace,
    });
  }

  /** Returns the program of the last build, so that only files with a new text are parsed again. */
  #openProgram(): SliceProgram {
    const { stubs, resolve } = this.#readClients().imports;
    this.#program ??= new SliceProgram(stubs, resolve);
    return this.#program;
  }
}

function isRuntime(specifier: string): boolean {
  return specifier === runtimePackage || specifier.startsWith(`${runtimePackage}/`);
}
