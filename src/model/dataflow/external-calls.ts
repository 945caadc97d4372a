import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type Call, calledName, normalizeCall, isCall, spreadOrPlain } from './normalize-call.js';
import type { Calls, CallSite } from './call-sites.js';
import { ExternalCallbacks, storesCallback } from './external-callbacks.js';
import type { TypeInfo } from './type-info.js';
import type { FlowNode } from './flow-nodes.js';
import type { Value } from './abstract-object.js';

/** A client constructor given to code that we cannot see, which will call it. */
export interface EscapedConstructor {
  readonly node: TS.Node;
  readonly constructor: ClientConstructor;
}

/** Callees that run a callback once the stack is empty: never inside the call. */
const schedulerNames = /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)$/;

/** Callees that compare a function with the frames of the stack, and never call it. */
const stackNames = /^captureStackTrace$/;

/** Assertions, test doubles and logs look at the constructor that they are given, and do not call it. */
const assertionNames = /^(?:expect|expectTypeOf|assert|assertType|vi|jest|mock|sinon|console)$/;

/** Of the language, and known to take objects apart without calling what is in them. */
const builtinNames = /^(?:Object|Array|JSON|Map|Set|WeakMap|WeakSet|String|Number|Boolean|structuredClone)$/;

/**
 * Calls whose callee is out of sight. Such code may call the callbacks it is given, hand them what the receiver holds, and
 * give back what they return or, where its type allows, what it was given.
 */
export class ExternalCalls {
  readonly #handed = new Map<TS.Node, EscapedConstructor>();

  constructor(private readonly calls: Calls) {}

  /** To be called when everything in sight is linked: what then has no target is unseen. */
  link(): void {
    const entrusted = new ExternalCallbacks(this.calls.flow);
    const { graph } = this.calls.flow.nodes;
    for (const site of this.calls.sites)
      if (site.targets.size === 0 && site.constructors.size === 0 && isCall(site.node)) {
        this.#link(site, site.node);
        entrusted.note(site.node);
      }
    graph.solve();
    for (const site of this.calls.sites) if (ts.isCallExpression(site.node)) entrusted.run(site, site.node);
    graph.solve();
  }

  /** A constructor handed over is called out of sight, unless what came back for it is called in sight. */
  escaped(): EscapedConstructor[] {
    const calledInSight = new Set(this.calls.sites.flatMap(({ node }) => (isCall(node) ? this.#cameBackAs(node) : [])));
    return [...this.#handed.values()].filter(({ node }) => !calledInSight.has(node));
  }

  #link(site: CallSite, node: Call): void {
    const { flow, parameters } = this.calls;
    const { nodes } = flow;
    const callee = unwrap(node.expression);
    const receiver = receiverOf(callee, (object) => flow.read(object));
    const name = calledName(callee);
    const isLater = name !== undefined && (schedulerNames.test(name) || stackNames.test(name) || storesCallback(name));
    const result = nodes.at(node);
    const root = rootName(callee);
    const isObserved = assertionNames.test(root);
    let isOpen: boolean | undefined;
    const held = ts.isNewExpression(node) ? nodes.contentsOf(node) : nodes.graph.node();
    if (ts.isNewExpression(node)) nodes.graph.add(nodes.value('collection', node), result);
    else nodes.graph.flow(held, result);
    flow.loadContents(receiver, held);
    if (receiver && isPromiseMethod(name)) nodes.graph.flow(receiver, held);

    for (const argument of node.arguments ?? []) {
      if (!isLater) parameters.notePassingOut(argument);
      const isPassedOn = parameters.partOf(argument) !== undefined;
      const place = flow.read(spreadOrPlain(argument));
      if (!place) continue;
      if (ts.isNewExpression(node)) this.#fill(place, held);
      nodes.graph.listen(place, (value) => {
        if (receiver) this.#keep(receiver, value);
        if (value.kind === 'function') {
          if (!isLater && !isPassedOn) {
            site.targets.add(value.node);
            site.callbacks.add(value.node);
          }
          for (const parameter of value.node.parameters) nodes.graph.flow(held, nodes.at(parameter));
          nodes.graph.flow(nodes.returnsOf(value.node), result);
        }
        if (value.kind === 'object' && !isLater && !builtinNames.test(root)) this.#runMembers(value.node, site);
        if (value.kind === 'constructor' || value.kind === 'object') this.#hand(value, argument, result, isObserved);
        else if ((value.kind === 'function' || value.kind === 'class') && (isOpen ??= mayBeCalled(node, flow.typeInfo)))
          nodes.graph.add(value, result);
      });
    }
  }

  /** `run({ task() { … } })`: what is in the options may be called like what is an argument. */
  #runMembers(object: TS.ObjectLiteralExpression, site: CallSite): void {
    const { nodes } = this.calls.flow;
    for (const property of object.properties)
      nodes.graph.listen(nodes.at(property), (member) => {
        if (member.kind !== 'function') return;
        site.targets.add(member.node);
        site.callbacks.add(member.node);
      });
  }

  /** `new Set([value])`, and `new Map([[key, value]])`. */
  #fill(given: FlowNode, contents: FlowNode): void {
    const { flow } = this.calls;
    const entries = flow.nodes.graph.node();
    flow.loadContents(given, entries);
    flow.nodes.graph.flow(entries, contents);
    flow.loadContents(entries, contents);
  }

  #keep(receiver: FlowNode, value: Value): void {
    const { nodes } = this.calls.flow;
    nodes.graph.listen(receiver, (container) => {
      if (container.kind === 'collection') nodes.graph.add(value, nodes.contentsOf(container.node));
    });
  }

  #hand(value: Value, argument: TS.Node, result: FlowNode, isObserved: boolean): void {
    const { nodes } = this.calls.flow;
    if (value.kind === 'object')
      for (const property of value.node.properties)
        nodes.graph.listen(nodes.at(property), (held) => {
          if (held.kind === 'constructor')
            this.#hand(held, ts.isPropertyAssignment(property) ? property.initializer : property, result, isObserved);
        });
    else if (value.kind === 'constructor' && value.escapedAt === undefined && !this.#handed.has(argument)) {
      if (!isObserved) this.#handed.set(argument, { node: argument, constructor: value.constructor });
      nodes.graph.add({ ...value, escapedAt: argument }, result);
    }
  }

  #cameBackAs(node: Call): TS.Node[] {
    const { flow } = this.calls;
    const callee = flow.read(normalizeCall(node, (name) => flow.nodes.isOurs(name)).callee);
    return [...(callee?.values ?? [])]
      .map((value) => (value.kind === 'constructor' ? value.escapedAt : undefined))
      .filter((at) => at !== undefined);
  }
}

function receiverOf(callee: TS.Expression, read: (object: TS.Expression) => FlowNode | undefined): FlowNode | undefined {
  const access = memberAccess(callee);
  return access && read(access.object);
}

/** `expect` of `expect(a).not.toBe(b)`. */
function rootName(expression: TS.Expression): string {
  let node = unwrap(expression);
  while (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) node = unwrap(node.expression);
  return ts.isIdentifier(node) ? node.text : '';
}

function isPromiseMethod(name: string | undefined): boolean {
  return name === 'then' || name === 'catch' || name === 'finally';
}

/** Could what the call gives be called? Only where the type says so, or says nothing. */
function mayBeCalled(node: TS.Expression, typeInfo: TypeInfo): boolean {
  if (ts.isExpressionStatement(node.parent)) return false;
  const type = typeInfo.typeAt(node);
  if (!type) return true;
  const isOpen = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0;
  return isOpen || type.getCallSignatures().length > 0;
}
