import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import { type Callable, callableOf } from '../typescript/syntax.js';
import type { AbstractObject, KeyTag } from './abstract-object.js';
import { tagOf } from './keyed-values.js';

/** A call, `new` or getter access in the code, with the callables that it may run. */
export interface CallSite {
  /** The call, the `new`, the property access of a getter, or the `extends` type of a class without a constructor. */
  readonly node: TS.Node;
  /** The callable whose body contains the site. */
  readonly caller: Callable;
  /** The callables that the site may run. */
  readonly targets: Set<Callable>;
  /** The targets that are passed as callbacks and called before the call returns. The callee chooses their arguments. */
  readonly callbacks: Set<Callable>;
  /** The client constructors that the site may run. */
  readonly constructors: Set<ClientConstructor>;
  /** For targets that run only if a parameter of the caller has a key: these keys. All other targets are missing. */
  readonly keys: Map<Callable, KeyTag[]>;
  /** The constants that the call passes as keys. */
  readonly passedKeys: Set<string>;
  /** The arguments as the target receives them; undefined if they are unknown. */
  readonly arguments: readonly TS.Expression[] | undefined;
}

/** Returns a call site with empty sets; `parts` overrides its fields. */
export function createCallSite(node: TS.Node, parts: Partial<Pick<CallSite, 'caller' | 'targets' | 'arguments'>> = {}): CallSite {
  return {
    node,
    caller: callableOf(node),
    targets: new Set(),
    callbacks: new Set(),
    constructors: new Set(),
    keys: new Map(),
    passedKeys: new Set(),
    arguments: undefined,
    ...parts,
  };
}

/** Adds a callable to the targets of a site, with the key on which it depends. `CallLinker` and `ExternalCalls` call it. */
export function addTarget(site: CallSite, value: AbstractObject & { readonly kind: 'function' | 'class' }): void {
  const tag = tagOf(value);
  const isCertain = site.targets.has(value.node) && !site.keys.has(value.node);
  site.targets.add(value.node);
  if (tag?.part === undefined || tag.key === undefined) site.keys.delete(value.node);
  else if (!isCertain) site.keys.set(value.node, [...(site.keys.get(value.node) ?? []), tag]);
}
