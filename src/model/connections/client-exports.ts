import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import type { ImportTarget } from '../../project/resolver.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import { officialClients, runtimePackage } from '../clients/client-packages.js';
import type { Stubs } from '../clients/stubs.js';
import type { SliceProgram } from '../slice/slice-program.js';
import { moduleSymbol } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { ClientTypes } from './client-types.js';
import { reexportsIn } from './reexports.js';

/** The exported names of a module that are about clients. */
export interface ClientExports {
  /** Clients, and functions, classes and objects that give one. */
  readonly values: ReadonlySet<string>;
  /** Types of clients. */
  readonly types: ReadonlySet<string>;
}

/** The meaning of a specifier in a file, if the module is about clients. */
export interface ClientModuleTarget extends ClientExports {
  /** `package`: a client package. `runtime`: the runtime. `module`: a module of the project, whose absolute path is `file`. */
  readonly kind: 'package' | 'runtime' | 'module';
  /** Name of the package, or absolute path of the module. */
  readonly name: string;
}

/** The inputs of the search. */
export interface ClientExportsInput {
  readonly project: Project;
  readonly program: SliceProgram;
  readonly stubs: Stubs;
  /** Returns the syntax tree of any file of the project. */
  readonly parse: (file: string) => TS.SourceFile;
  /** Whether code of the file makes or manages clients. The members of its exports may give a client. */
  readonly ownsClients: (file: string) => boolean;
}

/** Package of the types that all official clients share. It has no constructor, so it is no client package. */
const commonPackage = '@clickhouse/client-common';

const officialTypes: readonly string[] = ['ClickHouseClient', 'NodeClickHouseClient', 'WebClickHouseClient'];

const runtimeExports: ClientExports = {
  values: new Set([
    'clickHouse',
    'ClickHouseConnectionFactory',
    'ClickHouseConnectionManager',
    'ClickHouseTenants',
    'getClickHouseClient',
    'getClickHouseConnectionManager',
  ]),
  types: new Set(['ClickHouseConnectionManager', 'ClickHouseService', 'LazyClickHouseService', 'ManagedClient']),
};

/** A module that may pass on exports of others. */
const passesOn: TextQuestion = {
  kind: 'matches',
  patterns: [patternText(/\bexport\s*(?:type\s*)?[*{]|\bexport\s+default\s+[\w$]+\s*;?\s*$|\bmodule\.exports\s*=\s*require\b/m)],
};

/** The runtime, and the package of common types. */
function ofKnownPackage(target: ImportTarget | undefined): ClientModuleTarget | undefined {
  if (target?.kind !== 'package') return undefined;
  if (target.specifier === runtimePackage) return { kind: 'runtime', name: runtimePackage, ...runtimeExports };
  if (target.specifier !== commonPackage) return undefined;
  return { kind: 'package', name: commonPackage, values: new Set(), types: new Set(officialTypes) };
}

const none: ClientExports = { values: new Set(), types: new Set() };

/** Tells which exports of a module are clients or give one. Created by `buildModel` when a rule reads a fact that needs it. */
export class ClientExportsFinder {
  readonly #byFile = new Map<string, ClientExports>();
  readonly #types: ClientTypes;

  constructor(private readonly input: ClientExportsInput) {
    this.#types = new ClientTypes(input.program.checker);
  }

  /**
   * Returns the target of an import or mock in a file; undefined if it has no export that is about clients. With the depth `slice`, modules
   * outside the slice have none: whether they pass any on is known only after a parse.
   */
  of(fromFile: string, specifier: string, depth: 'slice' | 'all' = 'all'): ClientModuleTarget | undefined {
    const found = this.#target(fromFile, specifier, depth);
    return found && (found.values.size > 0 || found.types.size > 0) ? found : undefined;
  }

  /** Returns the exports of a module of the project that are about clients. */
  ofFile(file: string): ClientExports {
    const known = this.#byFile.get(file);
    if (known) return known;
    // Ends the recursion of modules that export each other.
    this.#byFile.set(file, none);
    const found = this.#compute(file);
    this.#byFile.set(file, found);
    return found;
  }

  #target(fromFile: string, specifier: string, depth: 'slice' | 'all'): ClientModuleTarget | undefined {
    const { project, program, stubs } = this.input;
    const target = program.targetOf(fromFile, specifier);
    if (target === undefined) return ofKnownPackage(project.importTarget(fromFile, specifier));
    const module = stubs.moduleBehind(target);
    if (module === undefined && stubs.files.has(target)) return this.#packageTarget(target);
    const file = module ?? target;
    if (depth === 'slice' && !program.sourceFile(file)) return undefined;
    return { kind: 'module', name: file, ...this.ofFile(file) };
  }

  #packageTarget(stub: string): ClientModuleTarget | undefined {
    const { stubs } = this.input;
    const constructors = [...stubs.constructors.values()].filter(
      (entry) => entry.purpose === 'client' && stubs.ofPackage(entry.package) === stub,
    );
    const [first] = constructors;
    if (!first) return undefined;
    const roots = constructors.map(({ name }) => name.split('.')[0] ?? name);
    const classes = constructors.flatMap(({ name }) => (/^[A-Z]\w*$/.test(name) ? [name] : []));
    const types = officialClients.has(first.package) ? officialTypes : classes;
    return { kind: 'package', name: first.package, values: new Set(roots), types: new Set(types) };
  }

  #compute(file: string): ClientExports {
    const { program, project, parse, stubs } = this.input;
    const declared = stubs.moduleConstructors.get(file);
    if (declared) {
      const names = new Set(declared.map(({ name }) => name.split('.')[0] ?? name));
      return { values: names, types: new Set([...names].filter((name) => /^[A-Z]/.test(name))) };
    }
    const source = program.sourceFile(file);
    const own = source ? this.#ofSource(source) : none;
    if (project.ask(file, passesOn) === '') return own;
    const values = new Set(own.values);
    const types = new Set(own.types);
    const tree = source ?? parse(file);
    for (const { specifier, name, exported } of reexportsIn(tree)) {
      const target = this.#target(file, specifier, 'all');
      if (!target) continue;
      // An export of all names leaves out the default.
      const pass = (from: ReadonlySet<string>, to: Set<string>): void => {
        if (name === '*' && exported === '*') for (const each of from) if (each !== 'default') to.add(each);
        if (name !== '*' && from.has(name)) to.add(exported);
      };
      pass(target.values, values);
      pass(target.types, types);
    }
    return { values, types };
  }

  #ofSource(source: TS.SourceFile): ClientExports {
    const { checker } = this.input.program;
    const module = moduleSymbol(source, checker);
    const values = new Set<string>();
    const types = new Set<string>();
    const byMembers = this.input.ownsClients(source.fileName);
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (symbol.flags & ts.SymbolFlags.Value && this.#types.gives(checker.getTypeOfSymbol(symbol), byMembers)) values.add(exported.name);
      if (symbol.flags & ts.SymbolFlags.Type && this.#types.isClient(checker.getDeclaredTypeOfSymbol(symbol))) types.add(exported.name);
    }
    return { values, types };
  }
}
