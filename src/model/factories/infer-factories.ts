import type { ts as TS } from 'ts-morph';
import { relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';
import type { Construction } from '../connections/constructions.js';
import { type Candidate, decide, groupByDeployable, nameClassOf } from './candidates.js';
import { type CodeKind, CodeKinds, isPackageEntry, isStarted } from './code-kinds.js';
import { deployableFinder } from './deployables.js';
import { ModuleNames } from './module-names.js';
import { findUsers } from './name-users.js';
import { takesCredentials } from './passed-credentials.js';
import { type ModuleVerdict, settle, verdictOn, winnersOver } from './verdicts.js';

/** The verdict on each module that constructs clients. Files are absolute paths. */
export interface FactoryInference {
  readonly verdicts: ReadonlyMap<string, ModuleVerdict>;
}

/** The inputs of the inference. */
export interface InferenceInput {
  readonly project: Project;
  readonly constructions: readonly Construction[];
  readonly isTest: (file: string) => boolean;
  /** Whether the settings declare the file as a factory. Undefined if they declare none. */
  readonly isDeclared: ((file: string) => boolean) | undefined;
  /** Whether the project uses the runtime, which makes the clients if no factory is declared. */
  readonly usesRuntime: boolean;
  /** Returns the syntax tree of any file of the project. */
  readonly parse: (file: string) => TS.SourceFile;
  /** Whether an export of the module gives the client itself. */
  readonly givesClient: (file: string) => boolean;
}

/**
 * Decides which modules are factories. If the settings declare some, these are; if the project uses the runtime, none is. Else the code
 * decides. Tests, scripts, examples and third-party code do not compete. Each deployable has one factory: its only candidate,
 * or the best by name and users; if two are too close, it is undecided.
 */
export function inferFactories(input: InferenceInput): FactoryInference {
  return new Inference(input).result();
}

/** Whether the construction can be moved into the factory. A library for migrations connects by itself and takes no client. */
export function isJudged({ constructor }: Construction): boolean {
  return constructor.purpose !== 'migration';
}

class Inference {
  readonly #kinds: CodeKinds;
  readonly #names = new Map<string, ModuleNames>();
  readonly #deployableOf: (file: string) => string;
  readonly #importTexts = memoized((module) => memoized((importer) => this.input.project.importText(importer, module)));
  readonly #importText = (importer: string, module: string) => this.#importTexts(module)(importer);
  readonly #isProduction = memoized((file) => this.#kinds.byPath(file) === 'production');

  readonly #constructions: readonly Construction[];

  constructor(private readonly input: InferenceInput) {
    this.#constructions = input.constructions.filter(isJudged);
    this.#kinds = new CodeKinds(input.project, input.isTest);
    this.#deployableOf = deployableFinder(input.project);
  }

  result(): FactoryInference {
    const verdicts = new Map<string, ModuleVerdict>();
    const files = [...new Set(this.#constructions.map(({ span }) => span.file))];
    const scripts: string[] = [];
    const production: string[] = [];
    for (const file of files) {
      const kind = this.input.isDeclared?.(file) ? 'production' : this.#kindOf(file);
      if (kind === 'production') production.push(file);
      else if (kind === 'script') scripts.push(file);
      else verdicts.set(file, { kind });
    }
    for (const [file, verdict] of this.#judge(production)) verdicts.set(file, verdict);
    const { isDeclared, usesRuntime } = this.input;
    for (const file of scripts)
      verdicts.set(
        file,
        !isDeclared && usesRuntime ? this.#second(file, []) : { kind: 'script', factories: this.#nearest(file, verdicts) },
      );
    return { verdicts };
  }

  #kindOf(file: string): CodeKind {
    const kind = this.#kinds.of(file);
    if (kind === 'test' || kind === 'example' || kind === 'vendored') return kind;
    const { project } = this.input;
    const exports = this.#reachingExports(file);
    if (exports.length > 0 && isPackageEntry(project, file)) return 'production';
    if (kind === 'script' || this.#kinds.isUnclear(file)) return this.#usersOf(file).users.size > 0 ? 'production' : 'script';
    if (exports.length > 0 || isStarted(project, file) || isPackageEntry(project, file)) return 'production';
    // Part of a program, which imports it for its effect or for something else.
    return [...project.importersOf(file)].some(this.#isProduction) ? 'production' : 'script';
  }

  /** The exports of a module whose value depends on a declaration that constructs. */
  #reachingExports(file: string): readonly string[] {
    const names = this.#namesOf(file);
    const starts = this.#constructions.filter(({ span }) => span.file === file).flatMap(({ span }) => names.namesAt(span.start));
    const exports = names.exportsUsing(new Set(starts));
    return exports.length > 0 ? exports : names.exportsGiven(new Set(starts));
  }

  #usersOf(file: string) {
    const { project } = this.input;
    return findUsers(file, this.#reachingExports(file), {
      project,
      importText: this.#importText,
      namesOf: (module) => this.#namesOf(module),
      isProduction: this.#isProduction,
    });
  }

  #judge(files: readonly string[]): ReadonlyMap<string, ModuleVerdict> {
    const { isDeclared, usesRuntime } = this.input;
    if (isDeclared) {
      const factories = files.filter(isDeclared);
      return new Map(files.map((file) => [file, isDeclared(file) ? declaredFactory : this.#second(file, factories)]));
    }
    if (usesRuntime) return new Map(files.map((file) => [file, this.#second(file, [])]));
    const [only, ...more] = files;
    if (only === undefined) return new Map();
    if (more.length === 0) return new Map([[only, { kind: 'factory', reason: 'only-module', deployables: [] }]]);
    const decisions = [...groupByDeployable(files.map((file) => this.#candidate(file)))].map(([deployable, group]) => ({
      deployable,
      decision: decide(group),
    }));
    const winners = new Set(decisions.flatMap(({ decision }) => (decision.kind === 'factory' ? [decision.winner.file] : [])));
    const settled = decisions.map(({ deployable, decision }) => ({ deployable, decision: settle(decision, winners) }));
    return new Map(files.map((file) => [file, verdictOn(file, settled) ?? this.#second(file, winnersOver(file, settled))]));
  }

  #second(file: string, factories: readonly string[]): ModuleVerdict {
    const source = this.input.parse(file);
    const own = this.#constructions.filter(({ span }) => span.file === file);
    return { kind: 'second', factories, takesCredentials: own.every(({ span }) => takesCredentials(source, span)) };
  }

  #candidate(file: string): Candidate {
    const { project } = this.input;
    const { users, entries } = this.#usersOf(file);
    return {
      file,
      nameClass: nameClassOf(relativeTo(project.root, file), project.packageAt(file)?.manifest.name),
      users: users.size,
      gives: this.input.givesClient(file),
      own: this.#deployableOf(file),
      deployables: new Set([...entries].map(this.#deployableOf)),
    };
  }

  /** The factories that serve the script's own deployable, else those that share most of its path. */
  #nearest(file: string, verdicts: ReadonlyMap<string, ModuleVerdict>): readonly string[] {
    const factories = [...verdicts].filter(([, { kind }]) => kind === 'factory').map(([factory]) => factory);
    if (factories.length === 0) return [];
    const deployable = this.#deployableOf(file);
    const serves = (factory: string): boolean => {
      const verdict = verdicts.get(factory);
      return this.#deployableOf(factory) === deployable || (verdict?.kind === 'factory' && verdict.deployables.includes(deployable));
    };
    const own = factories.filter(serves);
    if (own.length > 0) return own;
    const shared = (factory: string): number => commonPrefix(file.split('/'), factory.split('/'));
    const most = Math.max(...factories.map(shared));
    return factories.filter((factory) => shared(factory) === most);
  }

  #namesOf(file: string): ModuleNames {
    const names = this.#names.get(file) ?? new ModuleNames(this.input.parse(file).statements);
    this.#names.set(file, names);
    return names;
  }
}

/** The search asks for each importer once per name. */
function memoized<Value>(compute: (file: string) => Value): (file: string) => Value {
  const values = new Map<string, Value>();
  return (file) => {
    const cached = values.get(file);
    if (cached !== undefined) return cached;
    const value = compute(file);
    values.set(file, value);
    return value;
  };
}

const declaredFactory: ModuleVerdict = { kind: 'factory', reason: 'declared', deployables: [] };

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((part, position) => part !== b[position]);
  return index < 0 ? a.length : index;
}
