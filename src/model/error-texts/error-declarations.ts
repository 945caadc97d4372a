import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { Names } from './names.js';
import { answeredPromise, elementMethods } from './settled-answers.js';

/** Returns the value that a pattern takes apart: an initializer, the list of a loop, or the promise before `then`. */
export function initializerOf(owner: TS.Node): TS.Expression | undefined {
  if (ts.isParameter(owner)) return answeredPromise(owner);
  if (!ts.isVariableDeclaration(owner)) return undefined;
  const loop = owner.parent.parent;
  return ts.isForOfStatement(loop) ? loop.expression : owner.initializer;
}

/** Returns the list whose elements a function is given: `error.errors.some((one) => …)`. */
export function elementOf(callable: TS.FunctionLikeDeclaration): TS.Expression | undefined {
  const call = callable.parent;
  const member = ts.isCallExpression(call) ? memberAccess(call.expression) : undefined;
  return member && elementMethods.test(member.name ?? '') ? member.object : undefined;
}

/** Whether a method of an exception filter of Nest receives errors of ClickHouse: `@Catch(ClickHouseError)`. */
export function isFilterOf({ parent, name }: TS.FunctionLikeDeclaration): boolean {
  if (!ts.isClassLike(parent) || name?.getText() !== 'catch') return false;
  return (ts.getDecorators(parent) ?? []).some((decorator) => /^@Catch\(\s*ClickHouseError\s*\)$/.test(decorator.getText()));
}

/** Returns the values that are assigned to a variable, as `last = error`. */
export function assignmentsTo(name: TS.Identifier, names: Names): TS.Expression[] {
  const scope = ts.findAncestor(name.parent, (node) => isFunction(node) || ts.isSourceFile(node)) ?? name.getSourceFile();
  const found: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isIdentifier(node.left) &&
      node.left.text === name.text &&
      names.declarationOf(node.left) === name.parent
    )
      found.push(node.right);
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return found;
}
