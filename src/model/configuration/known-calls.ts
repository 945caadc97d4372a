import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { meaningOf } from '../environment/environment-functions.js';
import type { SourceModules } from '../environment/source-modules.js';
import { ts } from '../typescript/load-ts-morph.js';
import { unwrap } from '../typescript/syntax.js';

/** Importers of importers are searched this far: a barrel file or two. */
const maxImports = 3;

/**
 * The arguments of the calls of a callable, outside of tests: by the call sites of the slice, and by name in the modules outside of it. A class that
 * hides its client behind an interface has its callers there.
 */
export class KnownCalls {
  readonly #known = new Map<TS.Node, readonly (readonly TS.Expression[])[]>();
  readonly #callsOf = new Map<string, ReadonlyMap<string, readonly Call[]>>();
  readonly #filesOfSites: ReadonlySet<string>;
  #byTarget: Map<TS.Node, (readonly TS.Expression[])[]> | undefined;

  constructor(
    private readonly project: Project,
    private readonly modules: SourceModules,
    private readonly sites: readonly CallSite[],
    private readonly isJudged: (file: string) => boolean,
  ) {
    this.#filesOfSites = new Set(sites.map(({ node }) => node.getSourceFile().fileName));
  }

  /** Returns the arguments of each known call. */
  of(callable: TS.Node): readonly (readonly TS.Expression[])[] {
    const known = this.#known.get(callable) ?? [...(this.#inSlice().get(callable) ?? []), ...this.#outside(callable)];
    this.#known.set(callable, known);
    return known;
  }

  #inSlice(): ReadonlyMap<TS.Node, readonly (readonly TS.Expression[])[]> {
    if (this.#byTarget) return this.#byTarget;
    this.#byTarget = new Map();
    for (const { node, targets, callbacks, arguments: passed } of this.sites)
      if (passed && this.isJudged(node.getSourceFile().fileName))
        for (const target of targets)
          if (!callbacks.has(target)) this.#byTarget.set(target, [...(this.#byTarget.get(target) ?? []), passed]);
    return this.#byTarget;
  }

  #outside(callable: TS.Node): readonly (readonly TS.Expression[])[] {
    const name = declaredName(callable);
    if (name === undefined) return [];
    const importers = this.#importersNaming(callable.getSourceFile().fileName, name);
    return importers
      .filter((importer) => !this.#filesOfSites.has(importer) && this.isJudged(importer))
      .flatMap((importer) => this.#callsByName(importer).get(name) ?? [])
      .filter((call) => this.#calls(call, callable))
      .map((call) => call.arguments ?? []);
  }

  /** The calls in a file whose callee is a name, by that name. */
  #callsByName(file: string): ReadonlyMap<string, readonly Call[]> {
    const known = this.#callsOf.get(file);
    if (known) return known;
    const calls = new Map<string, Call[]>();
    const visit = (node: TS.Node): void => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const callee = unwrap(node.expression);
        if (ts.isIdentifier(callee)) calls.set(callee.text, [...(calls.get(callee.text) ?? []), node]);
      }
      ts.forEachChild(node, visit);
    };
    visit(this.modules.parse(file));
    this.#callsOf.set(file, calls);
    return calls;
  }

  #calls({ expression }: Call, callable: TS.Node): boolean {
    const callee = unwrap(expression);
    if (!ts.isIdentifier(callee)) return false;
    const meaning = meaningOf(callee, this.modules);
    return meaning === callable || (meaning !== undefined && ts.isVariableDeclaration(meaning) && meaning.initializer === callable);
  }

  #importersNaming(file: string, name: string): string[] {
    const question = { kind: 'matches', parts: [name], patterns: [[`\\b${name}\\s*\\(`, '']] } as const;
    const reached = new Set([file]);
    let level = [file];
    for (let distance = 0; distance < maxImports; distance++) {
      level = level
        .flatMap((module) => [...this.project.importersOf(module)])
        .filter((module) => !reached.has(module) && reached.add(module));
    }
    return [...reached].filter((module) => this.project.ask(module, question) !== '');
  }
}

type Call = TS.CallExpression | TS.NewExpression;

/** The name of a function or class at the top level. */
function declaredName(callable: TS.Node): string | undefined {
  if ((ts.isFunctionDeclaration(callable) || ts.isClassDeclaration(callable)) && ts.isSourceFile(callable.parent))
    return callable.name?.text;
  const { parent } = callable;
  return (ts.isArrowFunction(callable) || ts.isFunctionExpression(callable)) &&
    ts.isVariableDeclaration(parent) &&
    ts.isIdentifier(parent.name)
    ? parent.name.text
    : undefined;
}
