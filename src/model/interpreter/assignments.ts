import type { ts as TS } from 'ts-morph';
import { copyState, replaceObject } from './abstract-state.js';
import {
  type AbstractValue,
  isUnknown,
  literal,
  propertyValue,
  truthy,
  undefinedValue,
  unknown,
  withProperty,
  withUnknownWrite,
} from './abstract-value.js';
import { afterStep } from './counters.js';
import { classOfThis, setFieldOfThis } from './instances.js';
import type { Interpretation } from './interpretation.js';
import { logicalOperatorOf, stopsAt } from './operators.js';
import { joinResults, unmodelledResult } from './unmodelled.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the value of an assignment and applies it. */
export function evaluateAssignment(run: Interpretation, node: TS.BinaryExpression): AbstractValue {
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.EqualsToken) {
    evaluateTarget(run, node.left);
    const value = run.evaluate(node.right);
    assign(run, node.left, value);
    return value;
  }
  const before = run.evaluate(node.left);
  const logical = logicalOperatorOf(operator);
  if (logical === undefined) {
    const right = run.evaluate(node.right);
    const isStep = operator === ts.SyntaxKind.PlusEqualsToken || operator === ts.SyntaxKind.MinusEqualsToken;
    const isCounted = isStep && before.kind === 'unknown' && right.kind === 'literal' && typeof right.value === 'number';
    const value = isCounted ? afterStep(node, node.left, run.program.checker) : unmodelledResult(node, [right].filter(isUnknown));
    assign(run, node.left, value);
    return value;
  }
  const stops = stopsAt(logical, before);
  if (stops === true) return before;
  const state = copyState(run.state);
  const assigned = run.evaluate(node.right);
  const value = stops === false ? assigned : completed(run, node, before, assigned);
  assign(run, node.left, value);
  if (stops !== false) run.state = { ...run.state, doubt: state.doubt };
  return value;
}

/** The value after `a ??= b` if `a` is not known: an object if `b` is one and the variable holds only objects. */
function completed(
  run: Interpretation,
  { left, operatorToken }: TS.BinaryExpression,
  before: AbstractValue,
  assigned: AbstractValue,
): AbstractValue {
  const { checker } = run.program;
  const holdsObjects = (checker.getNonNullableType(checker.getTypeAtLocation(left)).flags & ts.TypeFlags.Object) !== 0;
  const isFilled = operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandEqualsToken && assigned.kind === 'object';
  return isFilled && holdsObjects && before.kind === 'unknown' ? truthy : joinResults(before, [before, assigned]);
}

/** Applies `delete object.key`. */
export function evaluateDelete(run: Interpretation, node: TS.DeleteExpression): AbstractValue {
  const access = memberAccess(unwrap(node.expression));
  run.evaluate(node.expression);
  if (access) assignMember(run, access.object, keyOf(run, access), undefined, node);
  return literal(true);
}

/** Evaluates what an assignment evaluates of its target. */
function evaluateTarget(run: Interpretation, target: TS.Expression): void {
  const access = memberAccess(unwrap(target));
  if (!access) return;
  run.evaluate(access.object);
  if (access.name === undefined && ts.isElementAccessExpression(access.key.parent)) run.evaluate(access.key);
  run.visit(target);
}

/** Assigns a value to a variable, a member or a pattern. */
export function assign(run: Interpretation, target: TS.Expression, value: AbstractValue): void {
  const node = unwrap(target);
  if (ts.isIdentifier(node)) return assignName(run, run.program.checker.getSymbolAtLocation(node), value);
  const access = memberAccess(node);
  if (access) assignMember(run, access.object, keyOf(run, access), value, node);
  else if (ts.isObjectLiteralExpression(node)) assignProperties(run, node, value);
  else if (ts.isArrayLiteralExpression(node))
    for (const [index, element] of node.elements.entries())
      if (!ts.isOmittedExpression(element) && !ts.isSpreadElement(element)) assign(run, element, propertyValue(value, String(index)));
}

function assignName(run: Interpretation, symbol: TS.Symbol | undefined, value: AbstractValue): void {
  if (symbol?.valueDeclaration) run.state.env.set(symbol.valueDeclaration, value);
}

function assignProperties(run: Interpretation, pattern: TS.ObjectLiteralExpression, value: AbstractValue): void {
  for (const property of pattern.properties) {
    const name = property.name && staticName(property.name);
    const part = name === undefined ? unknown : propertyValue(value, name);
    if (ts.isPropertyAssignment(property)) assign(run, property.initializer, part);
    else if (ts.isShorthandPropertyAssignment(property))
      assignName(run, run.program.checker.getShorthandAssignmentValueSymbol(property), part);
  }
}

/** Returns the name of an accessed member; undefined if the key is not known. */
export function keyOf(
  run: Interpretation,
  { key, name }: { readonly key: TS.Node; readonly name: string | undefined },
): string | undefined {
  if (name !== undefined) return name;
  const value = run.values.get(key);
  return value?.kind === 'literal' ? String(value.value) : undefined;
}

/** Assigns a member; an undefined value deletes it, and an undefined name may be any key. */
function assignMember(
  run: Interpretation,
  object: TS.Expression,
  name: string | undefined,
  value: AbstractValue | undefined,
  node: TS.Expression,
): void {
  const owner = unwrap(object);
  if (owner.kind === ts.SyntaxKind.ThisKeyword) {
    const access = memberAccess(ts.isDeleteExpression(node) ? unwrap(node.expression) : node);
    const declaration = access && run.program.checker.getSymbolAtLocation(access.key)?.valueDeclaration;
    if (declaration) run.state.env.set(declaration, value ?? undefinedValue);
    const ofThis = name === undefined ? undefined : classOfThis(owner);
    if (ofThis && name !== undefined) setFieldOfThis(run, ofThis, name, value);
    return;
  }
  const before = run.values.get(owner) ?? unknown;
  const after = name === undefined ? withUnknownWrite(before, node) : withProperty(before, name, value);
  changeObject(run, owner, before, after);
}

/** Notes that the object which an expression gave has changed. */
export function changeObject(run: Interpretation, expression: TS.Expression, before: AbstractValue, after: AbstractValue): void {
  if (before.kind === 'object') replaceObject(run.state.env, before, after);
  const owner = unwrap(expression);
  const isPlace = ts.isIdentifier(owner) || memberAccess(owner) !== undefined;
  if (isPlace && before.kind !== 'literal' && before.kind !== 'closure') assign(run, owner, after);
}
