import type { ts as TS } from 'ts-morph';
import { join, isPresent, type AbstractValue, truthy, toBoolean, unknown } from './abstract-value.js';
import { isFunction, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** An assignment to a parameter, or to a property of it. */
export interface ParameterAssignment {
  /** `=`, `??=` and so on. */
  readonly operator: TS.SyntaxKind;
  /** False if the assignment is to a property. */
  readonly isWhole: boolean;
  /** The expression on the right. */
  readonly to: TS.Expression;
}

/** Returns the assignments to a parameter in the body of its function, in the order of the text. `ConstantEvaluator` calls it. */
export function assignmentsOf(declaration: TS.Declaration): ParameterAssignment[] {
  const name = ts.getNameOfDeclaration(declaration);
  const owner = ts.findAncestor(declaration, isFunction)?.body;
  if (!owner || !name || !ts.isIdentifier(name)) return [];
  const assignments: ParameterAssignment[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      const target = unwrap(node.left);
      const root = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target) ? unwrap(target.expression) : target;
      if (ts.isIdentifier(root) && root.text === name.text)
        assignments.push({ operator: node.operatorToken.kind, isWhole: root === target, to: node.right });
    }
    ts.forEachChild(node, visit);
  };
  visit(owner);
  return assignments;
}

/** Returns what is known about a parameter after an assignment that may have run. `evaluate` returns the assigned value. */
export function applyAssignment(
  before: AbstractValue,
  { operator, isWhole }: ParameterAssignment,
  evaluate: () => AbstractValue,
): AbstractValue {
  if (!isWhole) return before.kind === 'object' ? truthy : unknown;
  if (operator === ts.SyntaxKind.QuestionQuestionEqualsToken && before.kind !== 'unknown') return isPresent(before) ? before : evaluate();
  if (operator === ts.SyntaxKind.BarBarEqualsToken && toBoolean(before) !== undefined) return toBoolean(before) ? before : evaluate();
  if (operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken && toBoolean(before) !== undefined)
    return toBoolean(before) ? evaluate() : before;
  return operator === ts.SyntaxKind.EqualsToken ? join(before, evaluate()) : unknown;
}

function isAssignment(operator: TS.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}
