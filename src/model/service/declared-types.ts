import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction } from '../typescript/syntax.js';

/** Generic types whose value is, or holds, a value of the argument. */
const holders =
  /^(?:Promise|PromiseLike|Awaited|Readonly|Required|NonNullable|Nullable|Maybe|Map|ReadonlyMap|WeakMap|Record|Set|ReadonlySet|Array|ReadonlyArray)$/;

/**
 * Returns what declares a value by the type: a parameter, a variable, a property, a result, an alias or a type parameter. Undefined if the
 * type only serves to compute another one, as in `Pick<T, …>` and `T['query']`, and for casts.
 */
export function declarationBy(type: TS.TypeNode): TS.Node | undefined {
  for (let node: TS.Node = type, parent = type.parent; ; node = parent, parent = parent.parent) {
    if (
      ts.isParenthesizedTypeNode(parent) ||
      ts.isUnionTypeNode(parent) ||
      ts.isIntersectionTypeNode(parent) ||
      ts.isArrayTypeNode(parent) ||
      ts.isTupleTypeNode(parent) ||
      ts.isNamedTupleMember(parent) ||
      ts.isOptionalTypeNode(parent) ||
      ts.isFunctionTypeNode(parent) ||
      (ts.isTypeOperatorNode(parent) && parent.operator === ts.SyntaxKind.ReadonlyKeyword) ||
      (ts.isTypeReferenceNode(parent) && ts.isIdentifier(parent.typeName) && holders.test(parent.typeName.text))
    )
      continue;
    const isDeclared =
      ts.isParameter(parent) ||
      ts.isVariableDeclaration(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isTypeAliasDeclaration(parent) ||
      ts.isTypeParameterDeclaration(parent) ||
      isFunction(parent);
    return isDeclared && node !== parent ? parent : undefined;
  }
}

/**
 * Returns the members of the declared value that code uses. Undefined if the value is used in another way, such as passed on, if code
 * elsewhere can use it, or if it only holds a value of the type, as a map does.
 */
export function membersUsed(declaration: TS.Node, type: TS.TypeNode): ReadonlySet<string> | undefined {
  if (!isTypeItself(type, declaration)) return undefined;
  if (ts.isParameter(declaration) && ts.isIdentifier(declaration.name)) {
    const { parent, name } = declaration;
    if (!isFunction(parent) || !parent.body) return undefined;
    const inFunction = usesOf(
      parent.body,
      (node) => ts.isIdentifier(node) && node.text === name.text && !isName(node) && declarationOf(name.text, node) === declaration,
    );
    if (!inFunction || !ts.isConstructorDeclaration(parent) || !declaration.modifiers?.length) return inFunction;
    return isHidden(declaration)
      ? joined(
          inFunction,
          usesOf(parent.parent, (node) => isField(node, name.text)),
        )
      : undefined;
  }
  if (ts.isPropertyDeclaration(declaration) && isHidden(declaration))
    return usesOf(declaration.parent, (node) => isField(node, declaration.name.getText()));
  return undefined;
}

/** Whether the type is the declared one, or an alternative of it: `Client | undefined`. */
function isTypeItself(type: TS.TypeNode, declaration: TS.Node): boolean {
  let outer: TS.Node = type;
  while (ts.isUnionTypeNode(outer.parent) || ts.isParenthesizedTypeNode(outer.parent)) outer = outer.parent;
  return outer.parent === declaration;
}

function usesOf(scope: TS.Node, isUse: (node: TS.Node) => boolean): ReadonlySet<string> | undefined {
  const members = new Set<string>();
  const others: TS.Node[] = [];
  const visit = (node: TS.Node): void => {
    // `const { client } = this` uses it by another name.
    if (node.kind === ts.SyntaxKind.ThisKeyword && ts.isVariableDeclaration(node.parent)) others.push(node);
    if (isUse(node)) {
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent) && parent.expression === node) members.add(parent.name.text);
      // The assignment of the field in the constructor.
      else if (!(ts.isBinaryExpression(parent) && parent.left === node)) others.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return others.length === 0 ? members : undefined;
}

function joined(a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): ReadonlySet<string> | undefined {
  return b && new Set([...a, ...b]);
}

/** Whether the identifier is the name of a member and no use of a variable. */
function isName(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (ts.isPropertyAssignment(parent) || ts.isClassElement(parent)) && parent.name === node;
}

function isField(node: TS.Node, name: string): boolean {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword && node.name.text === name;
}

function isHidden(declaration: TS.ParameterDeclaration | TS.PropertyDeclaration): boolean {
  return (
    ts.isPrivateIdentifier(declaration.name) || (declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false)
  );
}
