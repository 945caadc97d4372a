import type { ts as TS } from 'ts-morph';
import { common, isPresent, type Known, something, truthOf, unknown } from './abstract-value.js';
import { isFunction, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** An assignment to a parameter, or to a property of it. */
export interface Change {
  readonly operator: TS.SyntaxKind;
  readonly isWhole: boolean;
  readonly to: TS.Expression;
}

/** Every assignment to a parameter in the body of its function, in order. */
export function changesOf(declaration: TS.Declaration): Change[] {
  const name = ts.getNameOfDeclaration(declaration);
  const owner = ts.findAncestor(declaration, isFunction)?.body;
  if (!owner || !name || !ts.isIdentifier(name)) return [];
  const changes: Change[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      const target = unwrap(node.left);
      const root = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target) ? unwrap(target.expression) : target;
      if (ts.isIdentifier(root) && root.text === name.text)
        changes.push({ operator: node.operatorToken.kind, isWhole: root === target, to: node.right });
    }
    ts.forEachChild(node, visit);
  };
  visit(owner);
  return changes;
}

/** What is known of a parameter once an assignment may have run. */
export function afterChange(before: Known, { operator, isWhole }: Change, evaluate: () => Known): Known {
  if (!isWhole) return before.kind === 'object' ? something : unknown;
  if (operator === ts.SyntaxKind.QuestionQuestionEqualsToken && before.kind !== 'unknown') return isPresent(before) ? before : evaluate();
  if (operator === ts.SyntaxKind.BarBarEqualsToken && truthOf(before) !== undefined) return truthOf(before) ? before : evaluate();
  if (operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken && truthOf(before) !== undefined)
    return truthOf(before) ? evaluate() : before;
  return operator === ts.SyntaxKind.EqualsToken ? common(before, evaluate()) : unknown;
}

function isAssignment(operator: TS.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}
