import type { ts as TS } from 'ts-morph';
import { type AbstractValue, isUnknown, literal, truthy, unknown } from './abstract-value.js';
import { isInstance } from './instances.js';
import type { Interpretation } from './interpretation.js';
import { staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the value of a literal of one token; undefined for other nodes. */
export function constantOf(node: TS.Node): AbstractValue | undefined {
  if (ts.isStringLiteralLike(node)) return literal(node.text);
  if (ts.isNumericLiteral(node)) return literal(Number(node.text));
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return literal(true);
    case ts.SyntaxKind.FalseKeyword:
      return literal(false);
    case ts.SyntaxKind.NullKeyword:
      return literal(null);
    default:
      return undefined;
  }
}

/** Returns the object that an object literal makes. */
export function evaluateObject(run: Interpretation, node: TS.ObjectLiteralExpression): AbstractValue {
  let properties = new Map<string, AbstractValue>();
  let isExact = true;
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = run.evaluate(property.expression);
      // Unknown properties of the spread may overwrite the properties before it.
      const mayHoldMore =
        isUnknown(spread) || (spread.kind === 'object' && !spread.isExact && !(isInstance(spread) && spread.properties.size > 0));
      const rest: AbstractValue = spread.kind === 'opaque' ? spread : unknown;
      if (mayHoldMore) properties = new Map([...properties.keys()].map((name) => [name, rest]));
      if (spread.kind === 'object') for (const [name, value] of spread.properties) properties.set(name, value);
      if (mayHoldMore) isExact = false;
      continue;
    }
    const name = nameOf(run, property.name);
    const value = valueOf(run, property);
    if (name === undefined) {
      properties = new Map([...properties.keys()].map((key) => [key, unknown]));
      isExact = false;
    } else properties.set(name, value);
  }
  return { kind: 'object', properties, isExact };
}

function nameOf(run: Interpretation, name: TS.PropertyName): string | undefined {
  if (!ts.isComputedPropertyName(name)) return staticName(name);
  const computed = run.evaluate(name.expression);
  return computed.kind === 'literal' ? String(computed.value) : undefined;
}

function valueOf(run: Interpretation, property: Exclude<TS.ObjectLiteralElementLike, TS.SpreadAssignment>): AbstractValue {
  if (ts.isPropertyAssignment(property)) return run.evaluate(property.initializer);
  if (ts.isShorthandPropertyAssignment(property)) return run.evaluate(property.name);
  return ts.isMethodDeclaration(property) ? run.evaluate(property) : unknown;
}

/** Returns the array that an array literal makes. */
export function evaluateArray(run: Interpretation, node: TS.ArrayLiteralExpression): AbstractValue {
  const hasSpread = node.elements.some(ts.isSpreadElement);
  const values = node.elements.map((element) => evaluateElement(run, element));
  if (hasSpread) return truthy;
  const properties = new Map<string, AbstractValue>(values.map((value, index) => [String(index), value]));
  return { kind: 'object', properties: properties.set('length', literal(values.length)), isExact: false };
}

/** Evaluates an element of a list. A spread runs the iterator of its value. */
export function evaluateElement(run: Interpretation, element: TS.Expression): AbstractValue {
  if (!ts.isSpreadElement(element)) return run.evaluate(element);
  run.visit(element);
  return run.evaluate(element.expression);
}
