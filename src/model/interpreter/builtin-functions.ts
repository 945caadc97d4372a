import type { ts as TS } from 'ts-morph';
import { type AbstractValue, literal, propertyValue, toBoolean, unknown, withProperty } from './abstract-value.js';
import { type Conversion, convert, isConversion } from './conversions.js';
import { hasKey } from './operators.js';
import { keyOfNode } from '../dataflow/keyed-contents.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The result of a function of the language. */
export interface BuiltinResult {
  readonly returned: AbstractValue;
  /** The first argument after the call, if the function changes it. */
  readonly changed?: AbstractValue;
}

/** Returns the result of a call of a function of the language; undefined if the call is none that is modelled. The interpreter calls it. */
export function builtinResult(
  node: TS.CallExpression,
  args: readonly AbstractValue[],
  values: ReadonlyMap<TS.Node, AbstractValue>,
): BuiltinResult | undefined {
  const callee = unwrap(node.expression);
  const [first = literal(undefined)] = args;
  const isPartial = (ts.isIdentifier(callee) ? callee.text : memberAccess(callee)?.name) === 'partial';
  // `partial` of lodash and of Ramda's relatives gives the first arguments, as `bind` does.
  if (isPartial && first.kind === 'closure') return { returned: { ...first, bound: [...(first.bound ?? []), ...args.slice(1)] } };
  if (ts.isIdentifier(callee)) return globalFunction(callee.text, node, first);
  const access = memberAccess(callee);
  if (access?.name === undefined) return undefined;
  const receiver = unwrap(access.object);
  if (ts.isIdentifier(receiver)) {
    if (receiver.text === 'Reflect') return reflectFunction(access.name, args);
    if (receiver.text === 'JSON' && access.name === 'parse') return parsed(node, values);
    if (receiver.text === 'Object') return objectFunction(access.name, args);
    if (receiver.text === 'Promise' && access.name === 'resolve') return { returned: first };
    if (receiver.text === 'Promise' && access.name === 'all' && first.kind === 'object') return { returned: first };
    if (receiver.text === 'JSON' && access.name === 'stringify') return converted('stringify', first);
    if (receiver.text === 'Symbol' && access.name === 'for' && first.kind === 'literal')
      return { returned: literal(Symbol.for(String(first.value))) };
  }
  const value = values.get(access.object) ?? unknown;
  if (access.name === 'hasOwnProperty' && first.kind === 'literal') {
    const has = hasKey(value, String(first.value));
    if (has !== undefined) return { returned: literal(has) };
  }
  if (value.kind === 'literal' && args.length === 0 && isConversion(access.name)) return converted(access.name, value);
  return arrayMethod(access.name, value, first);
}

function globalFunction(name: string, node: TS.Node, first: AbstractValue): BuiltinResult | undefined {
  if (name === 'structuredClone') return { returned: first };
  if (name === 'Symbol') return { returned: literal(symbolOf(node)) };
  if (name === 'String' || name === 'Number') return converted(name, first);
  if (name !== 'Boolean') return undefined;
  const truth = toBoolean(first);
  return { returned: truth !== undefined ? literal(truth) : first.kind === 'opaque' ? first : unknown };
}

function converted(name: Conversion, value: AbstractValue): BuiltinResult | undefined {
  const returned = convert(name, value);
  return returned && { returned };
}

function objectFunction(name: string, args: readonly AbstractValue[]): BuiltinResult | undefined {
  const [first = literal(undefined), second] = args;
  if (name === 'freeze' || name === 'seal' || name === 'preventExtensions') return { returned: first };
  // Reads go through the prototype.
  if (name === 'create') return first.kind === 'object' ? { returned: { ...first, isExact: false } } : undefined;
  if (name === 'fromEntries') return fromEntries(first);
  if (name === 'assign') {
    const merged = args.slice(1).reduce(assigned, first);
    return { returned: merged, changed: merged };
  }
  const has = name === 'hasOwn' && second?.kind === 'literal' ? hasKey(first, String(second.value)) : undefined;
  return has === undefined ? undefined : { returned: literal(has) };
}

/** The object of a list of pairs; undefined if a pair or a key is not known. */
function fromEntries(list: AbstractValue): BuiltinResult | undefined {
  const length = propertyValue(list, 'length');
  if (length.kind !== 'literal' || typeof length.value !== 'number') return undefined;
  const pairs = Array.from({ length: length.value }, (_, index) => propertyValue(list, String(index)));
  const properties = new Map<string, AbstractValue>();
  for (const pair of pairs) {
    const key = propertyValue(pair, '0');
    if (key.kind !== 'literal') return undefined;
    properties.set(String(key.value), propertyValue(pair, '1'));
  }
  return { returned: { kind: 'object', properties, isExact: true } };
}

function reflectFunction(name: string, [object, key, value]: readonly AbstractValue[]): BuiltinResult | undefined {
  if (object === undefined || key?.kind !== 'literal') return undefined;
  const property = String(key.value);
  if (name === 'get') return { returned: propertyValue(object, property) };
  if (name === 'set') return { returned: literal(true), changed: withProperty(object, property, value ?? literal(undefined)) };
  if (name === 'deleteProperty') return { returned: literal(true), changed: withProperty(object, property, undefined) };
  const has = name === 'has' ? hasKey(object, property) : undefined;
  return has === undefined ? undefined : { returned: literal(has) };
}

/** `JSON.parse(JSON.stringify(value))` copies the value. */
function parsed(node: TS.CallExpression, values: ReadonlyMap<TS.Node, AbstractValue>): BuiltinResult | undefined {
  const text = node.arguments[0] && unwrap(node.arguments[0]);
  if (!text || !ts.isCallExpression(text)) return undefined;
  const access = memberAccess(unwrap(text.expression));
  const isStringify = access?.name === 'stringify' && ts.isIdentifier(access.object) && access.object.text === 'JSON';
  const value = isStringify && text.arguments.length === 1 && text.arguments[0] ? values.get(text.arguments[0]) : undefined;
  return value && { returned: value };
}

/** The target of `Object.assign` after one source. */
function assigned(target: AbstractValue, source: AbstractValue): AbstractValue {
  if (source.kind === 'literal') return target;
  if (source.kind === 'opaque') return source;
  const before = target.kind === 'object' ? target : { properties: new Map<string, AbstractValue>(), isExact: false };
  if (source.kind !== 'object')
    return { kind: 'object', properties: new Map([...before.properties.keys()].map((name) => [name, unknown])), isExact: false };
  const kept = source.isExact ? before.properties : new Map([...before.properties.keys()].map((name) => [name, unknown] as const));
  return { kind: 'object', properties: new Map([...kept, ...source.properties]), isExact: before.isExact && source.isExact };
}

function arrayMethod(name: string, receiver: AbstractValue, first: AbstractValue): BuiltinResult | undefined {
  const length = propertyValue(receiver, 'length');
  if (name !== 'includes' || receiver.kind !== 'object' || length.kind !== 'literal' || first.kind !== 'literal') return undefined;
  const elements = [...receiver.properties].filter(([key]) => key !== 'length').map(([, value]) => value);
  if (elements.some((element) => element.kind === 'literal' && element.value === first.value)) return { returned: literal(true) };
  return elements.every((element) => element.kind === 'literal') ? { returned: literal(false) } : undefined;
}

const symbols = new WeakMap<TS.Node, symbol>();

/** The symbol that a call of `Symbol` creates: one for each place. */
function symbolOf(node: TS.Node): symbol {
  const symbol = symbols.get(node) ?? Symbol(keyOfNode(node));
  symbols.set(node, symbol);
  return symbol;
}
