import type { ts as TS } from 'ts-morph';
import { staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { AbstractObject, KeyTag } from './abstract-object.js';
import { keyParametersOf } from './key-parameters.js';
import type { AccessKey, KeyedContents } from './keyed-contents.js';
import { type KeyedValues, tagOf } from './keyed-values.js';
import { isSamePart, type ParameterPart } from './parameter-parts.js';

/** A parameter of the callee that holds a key, and what is known of the argument. */
interface PassedKey {
  readonly part: ParameterPart;
  readonly argument: AccessKey;
}

/** The keys that a call passes, and how values depend on them on both sides of the call. `CallLinker` asks for it. */
export class KeysOfCall {
  constructor(
    private readonly callee: TS.Node,
    private readonly passed: readonly PassedKey[],
    private readonly keyed: KeyedValues,
  ) {}

  /** The constants among the keys. */
  get constants(): string[] {
    return this.passed.flatMap(({ argument }) => argument.constant ?? []);
  }

  /** Returns an argument as the callee has it: it depends on the key that the same call passes. */
  readonly entering = (value: AbstractObject): AbstractObject => {
    const tag = tagOf(value);
    const forwarded = tag?.part && this.passed.find(({ argument }) => isSamePart(argument.part, tag.part));
    if (forwarded) return this.keyed.under(value, { part: forwarded.part, key: tag.key });
    const constant = this.passed.find(({ argument }) => argument.constant !== undefined);
    return constant ? this.keyed.under(value, { part: constant.part, key: constant.argument.constant }) : value;
  };

  /** Returns a result as the caller has it; undefined for a value under another key. */
  readonly leaving = (value: AbstractObject): AbstractObject | undefined => {
    const tag = tagOf(value) ?? this.#tagOfMade(value);
    const own = tag?.part && this.passed.find(({ part }) => isSamePart(part, tag.part));
    if (!tag || !own) return value;
    const { constant, part } = own.argument;
    if (part) return this.keyed.under(value, { part, key: tag.key });
    if (constant === undefined) return this.keyed.plain(value);
    if (tag.key === undefined) return this.keyed.under(value, { part: undefined, key: constant });
    return tag.key === constant ? this.keyed.plain(value) : undefined;
  };

  /** A list that the callee makes is one under its key: `this.lists.get(name) ?? []`. */
  #tagOfMade(value: AbstractObject): KeyTag | undefined {
    const isMade = value.kind === 'collection' && ts.findAncestor(value.node, (node) => node === this.callee) !== undefined;
    return isMade && this.passed[0] ? { part: this.passed[0].part, key: undefined } : undefined;
  }
}

/** Returns the keys that a call passes to a function; undefined if the function has no parameter for a key. */
export function keysOfCall(
  args: readonly TS.Expression[] | undefined,
  callee: TS.FunctionLikeDeclaration,
  contents: KeyedContents,
  keyed: KeyedValues,
): KeysOfCall | undefined {
  if (!args || args.length === 0 || args.some(ts.isSpreadElement)) return undefined;
  const parts = keyParametersOf(callee);
  if (parts.length === 0) return undefined;
  const parameters = callee.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
  const passed = parts.map((part): PassedKey => {
    const argument = args[parameters.indexOf(part.parameter)];
    return { part, argument: contents.keyOf(part.member === '' ? argument : propertyOf(argument, part.member)) };
  });
  return new KeysOfCall(callee, passed, keyed);
}

function propertyOf(argument: TS.Expression | undefined, member: string): TS.Expression | undefined {
  const object = argument && unwrap(argument);
  const property =
    object && ts.isObjectLiteralExpression(object) ? object.properties.find(({ name }) => staticName(name) === member) : undefined;
  if (property && ts.isPropertyAssignment(property)) return property.initializer;
  return property && ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
}
