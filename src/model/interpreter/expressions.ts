import type { ts as TS } from 'ts-morph';
import { evaluateAssignment, evaluateDelete } from './assignments.js';
import { type AbstractValue, truthy, undefinedValue } from './abstract-value.js';
import { evaluateCall, forgetModuleFlags } from './calls.js';
import { thisAt } from './instances.js';
import type { Interpretation } from './interpretation.js';
import { constantOf, evaluateArray, evaluateObject } from './literals.js';
import { evaluateMember, evaluateName } from './members.js';
import { evaluateBinary, evaluateConditional, evaluateTemplate, evaluateTypeof, evaluateUnary } from './operations.js';
import { unmodelledResult } from './unmodelled.js';
import { isAssignment } from './variable-writes.js';
import { isFunction, isWrapped } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Returns the value of an expression of any kind and applies its effects. `BodyInterpreter` calls it. */
export function evaluateExpression(run: Interpretation, node: TS.Node): AbstractValue {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return thisAt(run, node) ?? truthy;
  const constant = constantOf(node);
  if (constant) return constant;
  if (ts.isIdentifier(node)) return evaluateName(run, node);
  if (ts.isAwaitExpression(node)) return evaluateAwait(run, node);
  if (isWrapped(node)) return run.evaluate(node.expression);
  if (ts.isVoidExpression(node)) return (run.evaluate(node.expression), undefinedValue);
  if (ts.isTypeOfExpression(node)) return evaluateTypeof(run, node);
  if (ts.isDeleteExpression(node)) return evaluateDelete(run, node);
  if (ts.isObjectLiteralExpression(node)) return evaluateObject(run, node);
  if (ts.isArrayLiteralExpression(node)) return evaluateArray(run, node);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return evaluateUnary(run, node);
  if (ts.isTemplateExpression(node)) return evaluateTemplate(run, node);
  if (ts.isConditionalExpression(node)) return evaluateConditional(run, node);
  if (ts.isBinaryExpression(node)) return isAssignment(node.operatorToken.kind) ? evaluateAssignment(run, node) : evaluateBinary(run, node);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return evaluateCall(run, node);
  if (isFunction(node)) return { kind: 'closure', node, env: new Map(run.state.env) };
  if (ts.isClassLike(node)) return (run.runClass(node), truthy);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return evaluateMember(run, node);
  return evaluateParts(run, node);
}

function evaluateAwait(run: Interpretation, node: TS.AwaitExpression): AbstractValue {
  const value = run.evaluate(node.expression);
  forgetModuleFlags(run);
  return value;
}

/** A kind of node that is not modelled: its parts run. */
function evaluateParts(run: Interpretation, node: TS.Node): AbstractValue {
  const parts: AbstractValue[] = [];
  ts.forEachChild(node, (child) => {
    if (!ts.isTypeNode(child)) parts.push(run.evaluate(child));
  });
  return unmodelledResult(node, parts);
}
