import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import type { AbstractObject, KeyTag } from './abstract-object.js';
import type { ValueMap } from './constraint-graph.js';
import { isSamePart } from './parameter-parts.js';

/** The variants of values that depend on a key. They are cached, so that sets compare by identity. */
export class KeyedValues {
  readonly #plain = new Map<AbstractObject, AbstractObject>();
  readonly #variants = new Map<AbstractObject, Map<TS.Node | undefined, Map<string, AbstractObject>>>();

  /** Returns the value as it depends on this key. Constructors and modules do not. */
  under(value: AbstractObject, tag: KeyTag): AbstractObject {
    if (value.kind === 'constructor' || value.kind === 'module') return value;
    const plain = this.plain(value);
    const byParameter = this.#variants.get(plain) ?? new Map<TS.Node | undefined, Map<string, AbstractObject>>();
    this.#variants.set(plain, byParameter);
    const variants = byParameter.get(tag.part?.parameter) ?? new Map<string, AbstractObject>();
    byParameter.set(tag.part?.parameter, variants);
    const name = `${tag.part?.member ?? ''} ${tag.key === undefined ? '' : `=${tag.key}`}`;
    const known = variants.get(name);
    if (known) return known;
    const variant: AbstractObject = { ...value, under: tag };
    variants.set(name, variant);
    this.#plain.set(variant, plain);
    return variant;
  }

  /** Returns the value as it does not depend on a key. */
  readonly plain = (value: AbstractObject): AbstractObject => this.#plain.get(value) ?? value;

  /** Returns how an element depends on a key, by the key on which its list depends. */
  elementOf(list: AbstractObject & { readonly kind: 'collection' }): ValueMap<AbstractObject> {
    const tag = list.under;
    if (!tag) return (element) => (isMadeUnderKey(list.node, tagOf(element)) ? element : this.plain(element));
    const { part, key } = tag;
    return (element) => {
      const own = tagOf(element)?.key;
      if (part) {
        const elementKey = key ?? own;
        return elementKey === undefined ? this.plain(element) : this.under(element, { part, key: elementKey });
      }
      return own === undefined || own === key ? this.plain(element) : undefined;
    };
  }

  /** Returns how a member of an object depends on a key, if the object depends on one; undefined if it does not. */
  memberOf(object: AbstractObject): ValueMap<AbstractObject> | undefined {
    const tag = tagOf(object);
    if (tag === undefined || object.kind === 'constructor' || object.kind === 'module') return undefined;
    // `{ create }`, made by the function that has the key.
    const isOfKey = (member: AbstractObject) => object.kind === 'object' && isMadeUnderKey(object.node, tagOf(member));
    return (member) => {
      const own = tagOf(member)?.key;
      if (own !== undefined && isOfKey(member) && !(tag.part && isSamePart(tag.part, tagOf(member)?.part))) {
        if (tag.part) return tag.key === undefined || tag.key === own ? this.under(member, { part: tag.part, key: own }) : undefined;
        return tag.key === own ? this.plain(member) : undefined;
      }
      return tag.part === undefined || tag.key === undefined || tagOf(member) ? member : this.under(member, tag);
    };
  }
}

/** Whether the function that has the key makes the list: each of its calls makes another one. */
export function isMadeUnderKey(list: TS.Node, tag: KeyTag | undefined): boolean {
  const owner = tag?.part?.parameter.parent;
  return owner !== undefined && ts.findAncestor(list, (node) => node === owner) !== undefined;
}

/** Returns the key on which a value depends. */
export function tagOf(value: AbstractObject): KeyTag | undefined {
  return value.kind === 'constructor' || value.kind === 'module' ? undefined : value.under;
}

/** Whether the value depends on the key in this parameter. */
export function dependsOn(value: AbstractObject, part: KeyTag['part']): boolean {
  return isSamePart(tagOf(value)?.part, part);
}
