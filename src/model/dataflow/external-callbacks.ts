import type { ts as TS } from 'ts-morph';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { callbackTime } from './library-calls.js';
import { registrationNames } from './library-functions.js';
import { type Call, withoutSpread } from './normalize-call.js';
import { addTarget, type CallSite } from './call-sites.js';
import type { ValueFlow } from './value-flow.js';
import type { FlowNode } from './flow-nodes.js';

/** A callback that an external object calls later: a listener when its event is emitted, a constructor argument in any method call. */
interface StoredCallback {
  readonly kind: 'listener' | 'constructor-argument';
  /** Name of the event; undefined if it is unknown. */
  readonly event: string | undefined;
  readonly callback: FlowNode;
}

const emissionNames = /^(?:emit\w*|dispatchEvent|publish|next)$/;

/**
 * Records the callbacks that external objects store, and adds them to the targets of later calls: for example, `acquire()` of a pool runs
 * the `create` that was passed to its constructor. Created by `ExternalCalls`.
 */
export class ExternalCallbacks {
  readonly #stored = new Map<TS.Node, StoredCallback[]>();

  constructor(private readonly flow: ValueFlow) {}

  /** Records the callbacks among the arguments of a call to an external callee. */
  store(node: Call): void {
    const access = memberAccess(unwrap(node.expression));
    const args = node.arguments ?? [];
    if (access?.name !== undefined && registrationNames.test(access.name)) {
      const event = args.length > 1 ? eventOf(args[0]) : undefined;
      const callbacks = args.slice(args.length > 1 ? 1 : 0).flatMap((listener) => this.#callbacksIn('listener', listener, event));
      for (const key of callbacks.length > 0 ? this.#keysOf(access.object) : []) this.#add(key, callbacks);
    } else if (this.#isExternalConstruction(node) && callbackTime(node, this.flow.names) === 'during') {
      const callbacks = args.flatMap((argument) => this.#callbacksIn('constructor-argument', argument, undefined));
      if (callbacks.length === 0) return;
      this.flow.nodes.graph.addValue(this.flow.nodes.value('collection', node), this.flow.nodes.at(node));
      this.#add(node, callbacks);
    }
  }

  /** Adds the stored callbacks of the called object to the targets of the call. Call it after `store` has seen all calls. */
  link(site: CallSite, node: TS.CallExpression): void {
    const access = memberAccess(unwrap(node.expression));
    if (this.#stored.size === 0 || access?.name === undefined || registrationNames.test(access.name)) return;
    const { nodes } = this.flow;
    for (const key of this.#keysOf(access.object))
      for (const { callback } of this.#stored.get(key)?.filter((stored) => isCalledBy(stored, access.name ?? '', node)) ?? [])
        for (const value of callback.values)
          if (value.kind === 'function') {
            addTarget(site, value);
            site.callbacks.add(value.node);
            nodes.graph.addEdge(nodes.returnsOf(value.node), nodes.at(node));
            if (isProxy(key)) this.#linkReturned(site, node, value.node);
          }
  }

  /** A call of a proxy's member runs the functions that the trap `get` returns. */
  #linkReturned(site: CallSite, node: TS.CallExpression, trap: TS.Node): void {
    const { nodes } = this.flow;
    if (!ts.isFunctionLike(trap) || memberOf(trap) !== 'get') return;
    for (const value of nodes.returnsOf(trap).values)
      if (value.kind === 'function') {
        addTarget(site, value);
        nodes.graph.addEdge(nodes.returnsOf(value.node), nodes.at(node));
      }
  }

  /** Returns the callbacks of an argument: the members of an object literal, or the values of any other expression. */
  #callbacksIn(kind: StoredCallback['kind'], argument: TS.Expression, event: string | undefined): StoredCallback[] {
    const object = unwrap(withoutSpread(argument));
    if (ts.isObjectLiteralExpression(object))
      return object.properties.map((property) => ({ kind, event, callback: this.flow.nodes.at(property) }));
    const callback = this.flow.read(argument);
    return callback ? [{ kind, event, callback }] : [];
  }

  #add(key: TS.Node, callbacks: readonly StoredCallback[]): void {
    this.#stored.set(key, [...(this.#stored.get(key) ?? []), ...callbacks]);
  }

  #isExternalConstruction(node: Call): boolean {
    return isProxy(node) || this.flow.typeInfo.startsAtExternal(unwrap(node.expression));
  }

  /** Returns the keys of an object: the nodes that create it, if they are known, and the declarations of its name. */
  #keysOf(object: TS.Expression): TS.Node[] {
    const values = [...(this.flow.read(object)?.values ?? [])].flatMap((value) => (value.kind === 'constructor' ? [] : [value.node]));
    return [...values, ...this.flow.nodes.declarationsOf(memberAccess(object)?.key ?? object)];
  }
}

function isProxy(node: TS.Node): boolean {
  if (!ts.isNewExpression(node)) return false;
  const callee = unwrap(node.expression);
  return ts.isIdentifier(callee) && callee.text === 'Proxy';
}

/** Returns the name of the property that a function is: `get` of `{ get() { … } }` and `{ get: () => … }`. */
function memberOf(trap: TS.SignatureDeclaration): string | undefined {
  return staticName(ts.isPropertyAssignment(trap.parent) ? trap.parent.name : trap.name);
}

function isCalledBy({ kind, event }: StoredCallback, method: string, { arguments: [first] }: TS.CallExpression): boolean {
  if (kind === 'constructor-argument') return true;
  const emitted = eventOf(first);
  return emissionNames.test(method) && (event === undefined || emitted === undefined || event === emitted);
}

function eventOf(name: TS.Expression | undefined): string | undefined {
  return name && ts.isStringLiteralLike(name) ? name.text : undefined;
}
