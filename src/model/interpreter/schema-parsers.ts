import type { ts as TS } from 'ts-morph';
import { type AbstractValue, propertyValue, undefinedValue, unknown } from './abstract-value.js';
import type { BuiltinResult } from './builtin-functions.js';
import { constantOf } from './literals.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Functions that check a value against a schema and return it: zod, valibot, yup, superstruct, TypeBox, io-ts. */
const parserNames =
  /^(?:parse|parseAsync|validate|validateSync|validateAsync|cast|create|mask|decode|decodeSync|Parse|Decode|attempt|assert)$/;

/** Functions that make the schema of an object. */
const objectNames = /^(?:object|objectAsync|strictObject|looseObject|type|interface|Object|partial|shape)$/;

/** Steps of a schema that give a value which the schema does not show. */
const changingNames = /^(?:transform|coerce|preprocess|pipe|catch|fallback|overwrite|codec)$/;

/**
 * Returns the object that a schema library returns for an object: each known property with its value, or with the default of the schema.
 * Undefined if the call is none of a parser, or the schema is not one object literal that the code shows.
 */
export function schemaResult(
  name: string,
  node: TS.CallExpression,
  args: readonly AbstractValue[],
  checker: TS.TypeChecker,
): BuiltinResult | undefined {
  if (!parserNames.test(name)) return undefined;
  const callee = unwrap(node.expression);
  const receiver = memberAccess(callee)?.object;
  const candidates = [...node.arguments, ...(receiver ? [receiver] : [])];
  for (const candidate of candidates) {
    const fields = fieldsOf(candidate, checker);
    if (!fields) continue;
    const parsed = args.find((arg, index) => node.arguments[index] !== candidate && arg.kind === 'object');
    return parsed && { returned: parsedBy(fields, parsed, node) };
  }
  return undefined;
}

function parsedBy(fields: TS.ObjectLiteralExpression, given: AbstractValue, node: TS.Node): AbstractValue {
  const properties = new Map<string, AbstractValue>();
  for (const field of fields.properties) {
    const name = field.name && staticName(field.name);
    if (name === undefined || !ts.isPropertyAssignment(field)) continue;
    const steps = stepsOf(field.initializer);
    const value = propertyValue(given, name);
    const isMissing = value.kind === 'literal' && value.value === undefined;
    if (steps.some((step) => changingNames.test(step.name))) properties.set(name, { kind: 'opaque', node });
    else properties.set(name, isMissing ? defaultOf(steps) : value);
  }
  return { kind: 'object', properties, isExact: false };
}

interface Step {
  readonly name: string;
  readonly arguments: readonly TS.Expression[];
}

/** The calls that make a schema: `boolean` and `default` of `z.boolean().default(false)` and of `v.optional(v.boolean(), false)`. */
function stepsOf(schema: TS.Expression): Step[] {
  const steps: Step[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = unwrap(node.expression);
      const name = memberAccess(callee)?.name ?? (ts.isIdentifier(callee) ? callee.text : '');
      steps.push({ name, arguments: node.arguments });
    }
    if (ts.isPropertyAccessExpression(node)) steps.push({ name: node.name.text, arguments: [] });
    ts.forEachChild(node, visit);
  };
  visit(schema);
  return steps;
}

function defaultOf(steps: readonly Step[]): AbstractValue {
  for (const { name, arguments: args } of steps) {
    const given = /^(?:default|defaulted|prefault)$/.test(name) ? args.at(-1) : name === 'optional' ? args[1] : undefined;
    if (given) return constantOf(unwrap(given)) ?? unknown;
  }
  return undefinedValue;
}

/** The fields of an object schema; undefined if the code does not show them. */
function fieldsOf(schema: TS.Expression, checker: TS.TypeChecker): TS.ObjectLiteralExpression | undefined {
  const node = unwrap(schema);
  if (ts.isIdentifier(node)) {
    const symbol = checker.getSymbolAtLocation(node);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const declaration = target?.valueDeclaration;
    return declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
      ? fieldsOf(declaration.initializer, checker)
      : undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const access = memberAccess(unwrap(node.expression));
  const name = access?.name ?? (ts.isIdentifier(node.expression) ? node.expression.text : '');
  if (changingNames.test(name)) return undefined;
  const fields = node.arguments[0] && unwrap(node.arguments[0]);
  if (objectNames.test(name) && fields && ts.isObjectLiteralExpression(fields)) return fields;
  return access ? fieldsOf(access.object, checker) : undefined;
}
