import type { ts as TS } from 'ts-morph';
import { keyOf } from './assignments.js';
import { type AbstractValue, propertyValue, undefinedValue, unknown } from './abstract-value.js';
import { isInstance } from './instances.js';
import type { Interpretation } from './interpretation.js';
import { isFunction, isStatic, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the value of a name. */
export function evaluateName(run: Interpretation, node: TS.Identifier): AbstractValue {
  if (node.text === 'undefined') return undefinedValue;
  const { checker } = run.program;
  const isShorthand = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
  const symbol = isShorthand ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
  const declaration = (symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
  return declaration ? valueOfDeclaration(run, declaration) : unknown;
}

function valueOfDeclaration(run: Interpretation, declaration: TS.Declaration): AbstractValue {
  const value = run.state.env.get(declaration);
  if (!value) return run.program.declaredValue(declaration);
  const isOwn = ts.isPropertyDeclaration(declaration) || isModuleVariable(declaration);
  return run.program.writes.isAssignedByInnerFunction(declaration) && !isOwn ? unknown : value;
}

/** Whether the node declares a variable of a module. Its value in a state is of this run: no closure and no context carries one. */
export function isModuleVariable(node: TS.Node): boolean {
  return ts.isVariableDeclaration(node) && ts.findAncestor(node, isFunction) === undefined;
}

/** Returns the value of `object.member` or `object[key]`. */
export function evaluateMember(run: Interpretation, node: TS.PropertyAccessExpression | TS.ElementAccessExpression): AbstractValue {
  const object = run.evaluate(node.expression);
  if (ts.isElementAccessExpression(node)) run.evaluate(node.argumentExpression);
  const access = memberAccess(node);
  const name = access && keyOf(run, access);
  if (!access || name === undefined) return elementOf(node, object);
  const { checker } = run.program;
  const member = checker.getSymbolAtLocation(access.key)?.valueDeclaration;
  const constant = member && ts.isEnumMember(member) ? checker.getConstantValue(member) : undefined;
  if (constant !== undefined) return { kind: 'literal', value: constant, isFlag: true };
  const field = isInstance(object) ? (object.properties.get(name) ?? run.program.gotten(object, name)) : undefined;
  if (field && field.kind !== 'unknown') return field;
  const isOwn = unwrap(node.expression).kind === ts.SyntaxKind.ThisKeyword || (member && isStatic(member));
  if (member && isOwn && (ts.isPropertyDeclaration(member) || ts.isParameter(member))) return valueOfDeclaration(run, member);
  // A member of a namespace import.
  if (member && ts.isVariableDeclaration(member) && isModuleVariable(member)) return valueOfDeclaration(run, member);
  const value = propertyValue(object, name);
  return value.kind === 'unknown' && member && ts.isPropertyDeclaration(member) && isReadonly(member)
    ? run.program.declaredValue(member)
    : value;
}

/** An element by an unknown key: what holds of all. */
function elementOf(node: TS.Node, object: AbstractValue): AbstractValue {
  return object.kind === 'object' && object.properties.size > 0 ? { kind: 'opaque', node } : propertyValue(object, '');
}

/** Whether the field has the modifier `readonly`. */
export function isReadonly(node: TS.PropertyDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Readonly) !== 0;
}
