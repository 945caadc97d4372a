import type { ts as TS } from 'ts-morph';
import { callableName, isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ClientCall, ClientCalls } from './client-calls.js';

/** Levels of functions that run a statement by a function of the level before. */
const maxLevels = 4;

/** A call that rejects if a statement fails. */
export interface FailingCall {
  readonly node: TS.CallExpression;
  /** The call of a client; undefined for the call of a function of the project that makes one. */
  readonly client: ClientCall | undefined;
}

/** Finds the calls that reject if a statement fails: of clients, and of functions that pass such a failure on. Created by `findSwallowedErrors`. */
export class FailingCalls {
  /** Functions that reject if a statement fails. */
  readonly #failing = new Set<TS.Node>();
  /** The names by which they are called. */
  readonly #names = new Set<string>();
  /** All calls of the files, by the names of their callees. */
  readonly #byName = new Map<string, TS.CallExpression[]>();

  constructor(
    sources: readonly TS.SourceFile[],
    private readonly checker: TS.TypeChecker,
    private readonly calls: ClientCalls,
  ) {
    const all = sources.flatMap(callsIn);
    for (const call of all) {
      const name = calleeName(call);
      if (name === undefined) continue;
      const known = this.#byName.get(name);
      if (known) known.push(call);
      else this.#byName.set(name, [call]);
    }
    let level = all.filter((call) => this.#ofClient(call));
    for (let depth = 0; depth < maxLevels && level.length > 0; depth++) {
      const names = new Set<string>();
      for (const call of level) {
        const callable = functionThatFails(call);
        if (!callable || this.#failing.has(callable)) continue;
        this.#failing.add(callable);
        const name = callableName(callable).split('.').at(-1);
        if (name !== undefined) names.add(name);
      }
      for (const name of names) this.#names.add(name);
      level = all.filter((call) => names.has(calleeName(call) ?? '') && this.of(call));
    }
  }

  /** Returns the failing call that the node is; undefined for any other node. */
  of(node: TS.Node): FailingCall | undefined {
    if (!ts.isCallExpression(node)) return undefined;
    const client = this.#ofClient(node);
    if (client) return { node, client };
    if (!this.#names.has(calleeName(node) ?? '')) return undefined;
    const declaration = this.checker.getResolvedSignature(node)?.declaration;
    return declaration && this.#failing.has(declaration) ? { node, client: undefined } : undefined;
  }

  /** Returns the calls of a function. */
  callersOf(callable: TS.Node): readonly TS.CallExpression[] {
    const name = isFunction(callable) ? callableName(callable).split('.').at(-1) : undefined;
    const calls = this.#byName.get(name ?? '') ?? [];
    return calls.filter((call) => this.checker.getResolvedSignature(call)?.declaration === callable);
  }

  /** Returns the failing calls inside a node, its own first. Those behind a handler of their own are left out. */
  within(node: TS.Node): FailingCall[] {
    const found: FailingCall[] = [];
    const visit = (child: TS.Node): void => {
      const call = this.of(child);
      if (call && !isHandled(child, node)) found.push(call);
      ts.forEachChild(child, visit);
    };
    visit(node);
    return found;
  }

  /** A ping of the official client and of the runtime does not reject. */
  #ofClient(node: TS.CallExpression): ClientCall | undefined {
    const call = this.calls.of(node);
    return call?.method === 'ping' ? undefined : call;
  }
}

/** Returns the calls of a file. */
export function callsIn(source: TS.Node): TS.CallExpression[] {
  const calls: TS.CallExpression[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node)) calls.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}

/** Returns the name of the callee: of a member the name alone. */
export function calleeName({ expression }: TS.CallExpression): string | undefined {
  const callee = unwrap(expression);
  return ts.isIdentifier(callee) ? callee.text : memberAccess(callee)?.name;
}

/** Whether the failure of a call is waited for inside the boundary: by `await`, directly or through callbacks of calls. */
export function isAwaitedWithin(node: TS.Node, boundary: TS.Node): boolean {
  for (let child = node; child !== boundary; child = child.parent) {
    const { parent } = child;
    if (ts.isAwaitExpression(parent)) return true;
    if (ts.isForOfStatement(parent) && parent.awaitModifier && parent.expression === child) return true;
    if (isFunction(parent)) {
      // The value of the callback must reach the call that runs it.
      const isGiven = child === parent.body && ts.isCallExpression(parent.parent);
      if (!isGiven) return false;
      return isAwaitedWithin(parent.parent, boundary);
    }
  }
  return false;
}

/** The function whose promise rejects if the call does. */
function functionThatFails(call: TS.CallExpression): TS.FunctionLikeDeclaration | undefined {
  let isWaited = false;
  for (let child: TS.Node = call; ; child = child.parent) {
    const { parent } = child;
    if (ts.isSourceFile(parent) || ts.isClassLike(parent)) return undefined;
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) isWaited = true;
    if (isHandlingHere(child)) return undefined;
    if (!isFunction(parent)) continue;
    if (child !== parent.body) return undefined;
    if (!isWaited && !(ts.isArrowFunction(parent) && !ts.isBlock(child))) return undefined;
    // The promise of a callback without a name goes to the call that runs it.
    if (!ts.isCallExpression(parent.parent) || !callableName(parent).startsWith('callback in ')) return parent;
    isWaited = false;
  }
}

/** Whether a failure of the node is handled before it reaches the boundary. */
function isHandled(node: TS.Node, boundary: TS.Node): boolean {
  for (let child = node; child !== boundary; child = child.parent) if (isHandlingHere(child)) return true;
  return false;
}

/** Whether the parent of the node handles its failure: a `try` whose `catch` does not throw, or a `catch` on the promise. */
function isHandlingHere(child: TS.Node): boolean {
  const { parent } = child;
  if (ts.isTryStatement(parent)) return parent.tryBlock === child && parent.catchClause !== undefined && !throwsIn(parent.catchClause);
  const member = memberAccess(parent);
  if (member?.object !== child || !ts.isCallExpression(parent.parent) || parent.parent.expression !== parent) return false;
  return member.name === 'catch' || (member.name === 'then' && parent.parent.arguments.length > 1);
}

/** Whether the node contains a `throw` outside of functions. */
export function throwsIn(node: TS.Node): boolean {
  const visit = (child: TS.Node): boolean => {
    if (ts.isThrowStatement(child)) return true;
    if (isFunction(child)) return false;
    return ts.forEachChild(child, visit) ?? false;
  };
  return ts.forEachChild(node, visit) ?? false;
}
