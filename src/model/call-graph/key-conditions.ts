import type { KeyTag } from '../dataflow/abstract-object.js';
import { keyOfNode } from '../dataflow/keyed-contents.js';
import { type AbstractEnv, type AbstractValue, propertyValue, unknown } from '../interpreter/abstract-value.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Whether the value is surely a key, and not this one. */
function isOtherKey(value: AbstractValue, key: string | undefined): boolean {
  if (value.kind === 'closure') return ts.isClassLike(value.node) && keyOfNode(value.node) !== key;
  if (value.kind !== 'literal') return false;
  return (typeof value.value === 'symbol' ? value.value.description : value.value) !== key;
}

/** Whether a parameter may have one of the keys under which a target was found. Without keys the target may always run. `CallGraph` calls it. */
export function isUnderKey(tags: readonly KeyTag[] | undefined, env: AbstractEnv): boolean {
  return (
    tags?.some(({ part, key }) => {
      const argument = (part && env.get(part.parameter)) ?? unknown;
      const value = part?.member ? propertyValue(argument, part.member) : argument;
      return !isOtherKey(value, key);
    }) ?? true
  );
}
