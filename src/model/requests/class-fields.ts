import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { isAssignmentOperator, memberAccess, staticName } from '../typescript/syntax.js';

/** Returns where a field of the class around a node gets its value: its declaration, a parameter property, or assigned values. */
export function fieldValues(node: TS.Node, name: string): (TS.PropertyDeclaration | TS.ParameterDeclaration | TS.Expression)[] {
  const owner = ts.findAncestor(node, ts.isClassLike);
  if (!owner) return [];
  const declared = owner.members.flatMap((member): (TS.PropertyDeclaration | TS.ParameterDeclaration)[] => {
    if (ts.isConstructorDeclaration(member))
      return member.parameters.filter(
        (parameter) => ts.isParameterPropertyDeclaration(parameter, member) && staticName(parameter.name) === name,
      );
    return ts.isPropertyDeclaration(member) && staticName(member.name) === name ? [member] : [];
  });
  const assigned: TS.Expression[] = [];
  const visit = (child: TS.Node): void => {
    if (ts.isBinaryExpression(child) && isAssignmentOperator(child.operatorToken.kind)) {
      const { object, name: field } = memberAccess(child.left) ?? {};
      if (object?.kind === ts.SyntaxKind.ThisKeyword && field === name) assigned.push(child.right);
    }
    ts.forEachChild(child, visit);
  };
  visit(owner);
  return [...assigned, ...declared];
}
