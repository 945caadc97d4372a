import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type Call, spreadOrPlain } from './normalize-call.js';
import type { CallSite } from './call-sites.js';
import type { ValueFlow } from './value-flow.js';
import type { FlowNode } from './flow-nodes.js';

/** What an object out of sight will call: a listener when its event is emitted, what it was made with at any call. */
interface StoredCallback {
  readonly kind: 'listener' | 'maker';
  /** Undefined where any event may be meant. */
  readonly event: string | undefined;
  readonly given: FlowNode;
}

const registering = /^(?:on|once|addListener|addEventListener|prependListener|prependOnceListener|subscribe)$/;
const emitting = /^(?:emit\w*|dispatchEvent|publish|next)$/;

/** Does a method of this name keep a callback for when something happens? */
export function storesCallback(name: string): boolean {
  return registering.test(name);
}

/**
 * Callbacks that objects out of sight were given and call when they are called themselves: a pool calls the `create` it was
 * made with, an emitter its listeners, a proxy its traps.
 */
export class ExternalCallbacks {
  readonly #given = new Map<TS.Node, StoredCallback[]>();

  constructor(private readonly flow: ValueFlow) {}

  /** Takes note of what a call whose callee is out of sight is given to keep. */
  note(node: Call): void {
    const access = memberAccess(unwrap(node.expression));
    const given = node.arguments ?? [];
    if (access?.name !== undefined && storesCallback(access.name)) {
      const event = given.length > 1 ? eventOf(given[0]) : undefined;
      const entrustments = given.slice(given.length > 1 ? 1 : 0).flatMap((listener) => this.#entrust('listener', listener, event));
      for (const key of entrustments.length > 0 ? this.#keysOf(access.object) : []) this.#add(key, entrustments);
    } else if (this.#isMadeOutOfSight(node)) {
      const entrustments = given.flatMap((argument) => this.#entrust('maker', argument, undefined));
      if (entrustments.length === 0) return;
      this.flow.nodes.graph.add(this.flow.nodes.value('collection', node), this.flow.nodes.at(node));
      this.#add(node, entrustments);
    }
  }

  /** Once all is noted: a call of such an object calls what the object was given. */
  run(site: CallSite, node: TS.CallExpression): void {
    const access = memberAccess(unwrap(node.expression));
    if (this.#given.size === 0 || access?.name === undefined || storesCallback(access.name)) return;
    const { nodes } = this.flow;
    for (const key of this.#keysOf(access.object))
      for (const { given } of this.#given.get(key)?.filter((entrustment) => isCalledBy(entrustment, access.name ?? '', node)) ?? [])
        for (const value of given.values)
          if (value.kind === 'function') {
            site.targets.add(value.node);
            site.callbacks.add(value.node);
            nodes.graph.flow(nodes.returnsOf(value.node), nodes.at(node));
          }
  }

  #entrust(kind: StoredCallback['kind'], argument: TS.Expression, event: string | undefined): StoredCallback[] {
    const object = unwrap(spreadOrPlain(argument));
    if (ts.isObjectLiteralExpression(object))
      return object.properties.map((property) => ({ kind, event, given: this.flow.nodes.at(property) }));
    const given = this.flow.read(argument);
    return given ? [{ kind, event, given }] : [];
  }

  #add(key: TS.Node, entrustments: readonly StoredCallback[]): void {
    this.#given.set(key, [...(this.#given.get(key) ?? []), ...entrustments]);
  }

  #isMadeOutOfSight(node: Call): boolean {
    const callee = unwrap(node.expression);
    return (ts.isIdentifier(callee) && callee.text === 'Proxy') || this.flow.typeInfo.typeAt(callee) === undefined;
  }

  /** An object goes by where it is made, where that is seen, and by the names it is kept under. */
  #keysOf(object: TS.Expression): TS.Node[] {
    const values = [...(this.flow.read(object)?.values ?? [])].flatMap((value) => (value.kind === 'constructor' ? [] : [value.node]));
    return [...values, ...this.flow.nodes.declarationsOf(memberAccess(object)?.key ?? object)];
  }
}

function isCalledBy({ kind, event }: StoredCallback, method: string, { arguments: [first] }: TS.CallExpression): boolean {
  if (kind === 'maker') return true;
  const emitted = eventOf(first);
  return emitting.test(method) && (event === undefined || emitted === undefined || event === emitted);
}

function eventOf(name: TS.Expression | undefined): string | undefined {
  return name && ts.isStringLiteralLike(name) ? name.text : undefined;
}
