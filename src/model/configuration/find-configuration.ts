import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import type { Project } from '../../project/project.js';
import type { Construction } from '../connections/constructions.js';
import type { DeclaredRoles } from '../connections/roles.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { SourceModules } from '../environment/source-modules.js';
import { type CodeKind, CodeKinds } from '../factories/code-kinds.js';
import { deployableFinder } from '../factories/deployables.js';
import { type FactoryInference, isJudged } from '../factories/infer-factories.js';
import { ts } from '../typescript/load-ts-morph.js';
import { spanOf, unwrap } from '../typescript/syntax.js';
import { type ClientOptions, isOtherOption, optionsOf, runtimeOptions } from './client-options.js';
import { competingReads } from './competing-readers.js';
import { bestCandidate, deployablesOf, type FactorySource, factorySources, nearestImports } from './configuration-sources.js';
import { ConnectionReads } from './connection-reads.js';
import { KnownCalls } from './known-calls.js';
import { literalKind, writtenPasswords } from './literal-options.js';
import type { Origin } from './origin.js';
import { originsOf } from './value-origins.js';
import { namesAddress, writtenAddresses, writtenVariables } from './written-addresses.js';

/** A place outside of the configuration modules that reads or writes down a setting of ClickHouse. */
export interface OutsideSetting {
  readonly span: Span;
  /**
   * `read`: a variable that names ClickHouse. `schema`: its key in a schema. `flow`: a variable that reaches a client. `assigned`: a literal
   * is written to the variable. `address`, `credentials`: a literal, the second with a password.
   */
  readonly kind: 'read' | 'schema' | 'flow' | 'assigned' | 'address' | 'credentials';
  /** The name of the variable; empty for a literal. */
  readonly variable: string;
  /** The configuration modules of the same program. */
  readonly sources: readonly string[];
}

/** The inputs of the inference. */
export interface ConfigurationInput {
  readonly project: Project;
  readonly modules: SourceModules;
  readonly constructions: readonly Construction[];
  readonly factories: FactoryInference;
  readonly sites: readonly CallSite[];
  readonly declared: DeclaredRoles;
  /** Whether the runtime makes the clients. */
  readonly usesRuntime: boolean;
}

/**
 * Returns the settings of ClickHouse that are read or written down outside of the configuration modules, sorted by position. If the
 * settings declare no configuration modules, they are those from which the options of the factory come.
 */
export function findOutsideSettings(input: ConfigurationInput): readonly OutsideSetting[] {
  return new ConfigurationSearch(input).result();
}

class ConfigurationSearch {
  readonly #kinds: CodeKinds;
  readonly #kindOf = new Map<string, CodeKind>();
  readonly #deployableOf: (file: string) => string;
  readonly #deployables = new Map<string, ReadonlySet<string>>();
  readonly #reads: ConnectionReads;
  readonly #calls: KnownCalls;

  constructor(private readonly input: ConfigurationInput) {
    const { project, declared, modules, sites } = input;
    this.#kinds = new CodeKinds(project, declared.isTest);
    this.#deployableOf = deployableFinder(project);
    this.#reads = new ConnectionReads(project, modules);
    this.#calls = new KnownCalls(project, modules, sites, (file) => this.#isJudged(file));
  }

  result(): readonly OutsideSetting[] {
    const { project, modules, declared } = this.input;
    const { factories, others, undecided } = this.#clients();
    const search = {
      project,
      reads: this.#reads,
      deployableOf: this.#deployableOf,
      isProduction: (file: string) => this.#kind(file) === 'production',
      originsOf: (options: ClientOptions) => this.#originsOf(options),
    };
    const roots = factorySources(factories, search);
    const candidates = this.#reads.candidates().filter((file) => this.#isJudged(file));
    const readers = candidates.filter((file) => this.#reads.in(file).length > 0);
    const sourcesOf = declared.config ? this.#declaredSources(declared.config) : this.#inferredSources(roots, readers);
    const isSource = (file: string): boolean =>
      declared.config
        ? declared.config(file)
        : roots.some((root) => root.file === file || root.sources.has(file)) || sourcesOf(file).includes(file);

    const found: OutsideSetting[] = [];
    const add = (node: TS.Node, kind: OutsideSetting['kind'], variable = ''): void => {
      const { fileName } = node.getSourceFile();
      const sources = this.#isJudged(fileName) && !isSource(fileName) ? sourcesOf(fileName) : [];
      if (sources.length > 0) found.push({ span: spanOf(node), kind, variable, sources });
    };
    for (const file of readers)
      for (const { node, name, kind } of this.#reads.in(file)) {
        // A script that starts servers for tests.
        const isOfTests = this.#kind(file) === 'script' && /(?:^|_)TEST_/.test(name);
        if (!isOfTests) add(node, kind === 'schema' ? 'schema' : 'read', name);
      }
    for (const options of others) for (const origin of this.#originsOf(options)) this.#addOrigin(origin, add);
    if (!declared.config) {
      const addBeside = (node: TS.Node, kind: OutsideSetting['kind'], variable: string, sources: readonly string[]): void => {
        if (sources.length > 0 && this.#isJudged(node.getSourceFile().fileName))
          found.push({ span: spanOf(node), kind, variable, sources });
      };
      for (const options of factories)
        for (const node of writtenPasswords(this.#originsOf(options))) {
          const { fileName } = node.getSourceFile();
          addBeside(
            node,
            'credentials',
            '',
            sourcesOf(fileName).filter((source) => source !== fileName),
          );
        }
      const competing = competingReads(roots, { project, reads: this.#reads, deployableOf: this.#deployableOf, undecided });
      for (const { read, source } of competing) addBeside(read.node, 'read', read.name, [source]);
    }
    for (const file of project.sources) {
      if (!declared.config && !isServed(roots, this.#deployableOf(file))) continue;
      if (this.#kind(file) !== 'production' || /\.(?:[jt]sx|vue|svelte|astro)$/.test(file)) continue;
      if (project.ask(file, namesAddress) !== '')
        for (const { node, kind } of writtenAddresses(modules.parse(file)))
          if (kind === 'credentials' || !this.#isDefaultOfRead(node)) add(node, kind);
    }
    for (const file of candidates) for (const { node, name } of writtenVariables(modules.parse(file), modules)) add(node, 'assigned', name);
    return sorted(found);
  }

  /** The clients that the factories make, and all others. `undecided`: the files of those of which several may be the factory. */
  #clients(): {
    readonly factories: readonly ClientOptions[];
    readonly others: readonly ClientOptions[];
    readonly undecided: ReadonlySet<string>;
  } {
    const { project, modules, constructions, usesRuntime } = this.input;
    const verdictOf = ({ span }: Construction): string => this.input.factories.verdicts.get(span.file)?.kind ?? '';
    const of = (pattern: RegExp): ClientOptions[] =>
      optionsOf(
        constructions.filter((construction) => isJudged(construction) && pattern.test(verdictOf(construction))),
        modules,
      );
    const factories = of(/^(?:factory|undecided)$/);
    if (usesRuntime) factories.push(...runtimeOptions(project, modules, (file) => this.#kind(file) === 'production'));
    return { factories, others: of(/^(?:second|script)$/), undecided: new Set(of(/^undecided$/).map(({ file }) => file)) };
  }

  #originsOf({ options }: ClientOptions): readonly Origin[] {
    const { modules } = this.input;
    const search = {
      modules,
      readsAt: (node: TS.Node) => this.#reads.allIn(node.getSourceFile().fileName).filter((read) => read.node === node),
      argumentsOf: (callable: TS.Node) => this.#calls.of(callable),
      isIgnored: isOtherOption,
    };
    return options.flatMap((option) => originsOf(option, search));
  }

  /** `process.env.CLICKHOUSE_URL ?? '…'` is reported once, at the read. */
  #isDefaultOfRead({ parent }: TS.Node): boolean {
    if (!ts.isBinaryExpression(parent)) return false;
    const left = unwrap(parent.left);
    return this.#reads.in(parent.getSourceFile().fileName).some(({ node }) => node === left);
  }

  #addOrigin(origin: Origin, add: (node: TS.Node, kind: OutsideSetting['kind'], variable?: string) => void): void {
    if (origin.kind === 'read') {
      if (!this.#reads.isSetting(origin.read.name)) add(origin.read.node, 'flow', origin.read.name);
    } else if (origin.kind === 'literal') {
      const kind = literalKind(origin.node.text, origin.key);
      if (kind !== undefined) add(origin.node, kind);
    }
  }

  #declaredSources(isDeclared: (file: string) => boolean): (file: string) => readonly string[] {
    const files = [...this.input.project.sources].filter(isDeclared).sort();
    return () => files;
  }

  /** Returns the configuration modules of the program of a file: those of its factories, else the best candidate of several. */
  #inferredSources(roots: readonly FactorySource[], readers: readonly string[]): (file: string) => readonly string[] {
    const { project } = this.input;
    const byDeployable = new Map<string, readonly string[]>();
    const compute = (deployable: string): readonly string[] => {
      const serving = roots.filter(({ deployables }) => deployables.has(deployable));
      // The configuration of another program cannot be imported.
      const isShared = (file: string): boolean => this.#deployablesOf(file).has(deployable);
      const production = readers.filter((file) => this.#kind(file) === 'production');
      const traced = serving.flatMap(({ sources }) => [...sources]).filter((file) => this.#isJudged(file) && isShared(file));
      if (traced.length > 0) return traced;
      const near = serving.flatMap(({ file }) => nearestImports(file, new Set(production), project)).filter(isShared);
      if (near.length > 0) return near;
      const own = new Set(serving.length > 0 ? serving.flatMap(({ deployables }) => [...deployables]) : [deployable]);
      const candidates = production.filter((file) => own.has(this.#deployableOf(file)) && isShared(file));
      const best = bestCandidate(candidates, { project, reads: this.#reads });
      return best === undefined ? [] : [best];
    };
    return (file) => {
      const deployable = this.#deployableOf(file);
      if (!isServed(roots, deployable) && this.#kind(file) !== 'production') return [];
      const known = byDeployable.get(deployable) ?? [...new Set(compute(deployable))].sort();
      byDeployable.set(deployable, known);
      return known;
    };
  }

  /** Each program asks for the same candidates, and the search reads all importers. */
  #deployablesOf(file: string): ReadonlySet<string> {
    const known = this.#deployables.get(file) ?? deployablesOf(file, { project: this.input.project, deployableOf: this.#deployableOf });
    this.#deployables.set(file, known);
    return known;
  }

  #kind(file: string): CodeKind {
    const known = this.#kindOf.get(file) ?? this.#kinds.of(file);
    this.#kindOf.set(file, known);
    return known;
  }

  #isJudged(file: string): boolean {
    const kind = this.#kind(file);
    return kind === 'production' || kind === 'script';
  }
}

/** Whether a factory runs in the deployable. Without one, an address may be a text for another program, such as a wizard that writes files. */
function isServed(roots: readonly FactorySource[], deployable: string): boolean {
  return roots.some(({ deployables }) => deployables.has(deployable));
}

function sorted(found: readonly OutsideSetting[]): readonly OutsideSetting[] {
  const byPlace = new Map(found.map((setting) => [`${setting.span.file}\0${setting.span.start}\0${setting.variable}`, setting]));
  return [...byPlace.values()].sort((a, b) =>
    a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start,
  );
}
