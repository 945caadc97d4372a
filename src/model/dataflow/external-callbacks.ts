import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type Call, spreadOrPlain } from './normalize-call.js';
import type { CallSite } from './call-sites.js';
import type { Flow } from './value-flow.js';
import type { Place } from './flow-nodes.js';

/** What an object out of sight will call: a listener when its event is emitted, what it was made with at any call. */
interface Entrustment {
  readonly kind: 'listener' | 'maker';
  /** Undefined where any event may be meant. */
  readonly event: string | undefined;
  readonly given: Place;
}

const registering = /^(?:on|once|addListener|addEventListener|prependListener|prependOnceListener|subscribe)$/;
const emitting = /^(?:emit\w*|dispatchEvent|publish|next)$/;

/** Does a method of this name keep a callback for when something happens? */
export function registers(name: string): boolean {
  return registering.test(name);
}

/**
 * Callbacks that objects out of sight were given and call when they are called themselves: a pool calls the `create` it was
 * made with, an emitter its listeners, a proxy its traps.
 */
export class Entrusted {
  readonly #given = new Map<TS.Node, Entrustment[]>();

  constructor(private readonly flow: Flow) {}

  /** Takes note of what a call whose callee is out of sight is given to keep. */
  note(node: Call): void {
    const access = memberAccess(unwrap(node.expression));
    const given = node.arguments ?? [];
    if (access?.name !== undefined && registers(access.name)) {
      const event = given.length > 1 ? eventOf(given[0]) : undefined;
      const entrustments = given.slice(given.length > 1 ? 1 : 0).flatMap((listener) => this.#entrust('listener', listener, event));
      for (const key of entrustments.length > 0 ? this.#keysOf(access.object) : []) this.#add(key, entrustments);
    } else if (this.#isMadeOutOfSight(node)) {
      const entrustments = given.flatMap((argument) => this.#entrust('maker', argument, undefined));
      if (entrustments.length === 0) return;
      this.flow.places.graph.add(this.flow.places.value('collection', node), this.flow.places.at(node));
      this.#add(node, entrustments);
    }
  }

  /** Once all is noted: a call of such an object calls what the object was given. */
  run(site: CallSite, node: TS.CallExpression): void {
    const access = memberAccess(unwrap(node.expression));
    if (this.#given.size === 0 || access?.name === undefined || registers(access.name)) return;
    const { places } = this.flow;
    for (const key of this.#keysOf(access.object))
      for (const { given } of this.#given.get(key)?.filter((entrustment) => isCalledBy(entrustment, access.name ?? '', node)) ?? [])
        for (const value of given.values)
          if (value.kind === 'function') {
            site.targets.add(value.node);
            site.callbacks.add(value.node);
            places.graph.flow(places.returnsOf(value.node), places.at(node));
          }
  }

  #entrust(kind: Entrustment['kind'], argument: TS.Expression, event: string | undefined): Entrustment[] {
    const object = unwrap(spreadOrPlain(argument));
    if (ts.isObjectLiteralExpression(object))
      return object.properties.map((property) => ({ kind, event, given: this.flow.places.at(property) }));
    const given = this.flow.read(argument);
    return given ? [{ kind, event, given }] : [];
  }

  #add(key: TS.Node, entrustments: readonly Entrustment[]): void {
    this.#given.set(key, [...(this.#given.get(key) ?? []), ...entrustments]);
  }

  #isMadeOutOfSight(node: Call): boolean {
    const callee = unwrap(node.expression);
    return (ts.isIdentifier(callee) && callee.text === 'Proxy') || this.flow.meaning.typeAt(callee) === undefined;
  }

  /** An object goes by where it is made, where that is seen, and by the names it is kept under. */
  #keysOf(object: TS.Expression): TS.Node[] {
    const values = [...(this.flow.read(object)?.values ?? [])].flatMap((value) => (value.kind === 'constructor' ? [] : [value.node]));
    return [...values, ...this.flow.places.declarationsOf(memberAccess(object)?.key ?? object)];
  }
}

function isCalledBy({ kind, event }: Entrustment, method: string, { arguments: [first] }: TS.CallExpression): boolean {
  if (kind === 'maker') return true;
  const emitted = eventOf(first);
  return emitting.test(method) && (event === undefined || emitted === undefined || event === emitted);
}

function eventOf(name: TS.Expression | undefined): string | undefined {
  return name && ts.isStringLiteralLike(name) ? name.text : undefined;
}
