import type { ts as TS } from 'ts-morph';
import type { KeyTag } from '../dataflow/abstract-object.js';
import { keyOfNode } from '../dataflow/keyed-contents.js';
import { type AbstractEnv, type AbstractValue, propertyValue, unknown } from '../interpreter/abstract-value.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Whether the value is surely a key, and not this one. */
function isOtherKey(value: AbstractValue, key: string | undefined): boolean {
  if (value.kind === 'closure') return ts.isClassLike(value.node) && keyOfNode(value.node) !== key;
  if (value.kind !== 'literal') return false;
  return (typeof value.value === 'symbol' ? value.value.description : String(value.value)) !== key;
}

/** Whether the value is surely this key. */
function isKey(value: AbstractValue, key: string | undefined): boolean {
  return (value.kind === 'literal' || (value.kind === 'closure' && ts.isClassLike(value.node))) && !isOtherKey(value, key);
}

/**
 * Leaves out a tag of another function if the caller has a tag of the same key: the value was stored under this key there, and found
 * under it here.
 */
function tagsIn(tags: readonly KeyTag[] | undefined, caller: TS.Node): readonly KeyTag[] | undefined {
  const isOwn = ({ part }: KeyTag) => part !== undefined && ts.findAncestor(caller, (node) => node === part.parameter.parent) !== undefined;
  return tags?.filter((tag) => isOwn(tag) || !tags.some((other) => isOwn(other) && other.key === tag.key));
}

/** Returns what is known of the parameter that holds the key. */
function keyIn({ part }: KeyTag, env: AbstractEnv): AbstractValue {
  const argument = (part && env.get(part.parameter)) ?? unknown;
  return part?.member ? propertyValue(argument, part.member) : argument;
}

/** Whether a parameter surely has one of the keys under which a target was found. */
export function isSurelyUnderKey(tags: readonly KeyTag[] | undefined, env: AbstractEnv): boolean {
  return tags?.some((tag) => isKey(keyIn(tag, env), tag.key)) ?? false;
}

/** Whether a parameter may have one of the keys under which a target was found. Without keys the target may always run. `CallGraph` calls it. */
export function isUnderKey(tags: readonly KeyTag[] | undefined, caller: TS.Node, env: AbstractEnv): boolean {
  return tagsIn(tags, caller)?.some((tag) => !isOtherKey(keyIn(tag, env), tag.key)) ?? true;
}
