import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { unwrap } from '../typescript/syntax.js';
import { declarationOf } from './declarations.js';
import { nameOf } from './module-mocks.js';
import { originOf } from './value-origin.js';

/** An object that a test passes off as a value of another type. */
export interface Cast {
  /** The type, without `Mocked<…>` and the like around it. */
  readonly type: TS.TypeNode;
  /** The function of a library that makes the double, as the code names it; undefined if the test writes the object. */
  readonly by: string | undefined;
}

/** Types of test runners around the type that is mocked, and types that keep all members. */
const transparent = /^(?:Mocked\w*|Deep\w*|Mock\w*|jest|vi|Partial|Readonly|Required|NonNullable|Awaited|Promise)$/;

/** Functions of mocking libraries that make a double of a type argument. */
const typedDouble = /^(?:mock|mockDeep|createMock|createStubInstance|stubInterface|fromPartial|fromAny|for|object|imitation|instance)$/;

/** Returns the hand-written objects that a file casts or declares to be of a type, and doubles that a library makes of a type. */
export function castsIn(file: TS.SourceFile): Cast[] {
  const found: Cast[] = [];
  const visit = (node: TS.Node): void => {
    if (isOuterCast(node)) {
      if (isDouble(node.expression)) found.push({ type: mockedType(node.type), by: undefined });
    } else if (ts.isVariableDeclaration(node)) {
      if (node.type && node.initializer && isErased(node.initializer) && isDouble(node.initializer))
        found.push({ type: mockedType(node.type), by: undefined });
    } else if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.typeArguments?.[0]) {
      const by = nameOf(node.expression);
      if (typedDouble.test(by.split('.').at(-1) ?? '')) found.push({ type: mockedType(node.typeArguments[0]), by });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The last of casts in a row: `as unknown as Client`. */
function isOuterCast(node: TS.Node): node is TS.AsExpression | TS.TypeAssertion {
  if (!ts.isAsExpression(node) && !ts.isTypeAssertionExpression(node)) return false;
  const outer = node.parent;
  return !ts.isAsExpression(outer) && !ts.isTypeAssertionExpression(outer);
}

/** `x as any` and `x as never` fit each declared type. */
function isErased(node: TS.Expression): boolean {
  return ts.isAsExpression(node) && (node.type.kind === ts.SyntaxKind.AnyKeyword || node.type.kind === ts.SyntaxKind.NeverKeyword);
}

/** Whether the value is an object that the test writes down. An empty one only fills a place. */
function isDouble(expression: TS.Expression): boolean {
  const node = unwrap(expression);
  if (ts.isObjectLiteralExpression(node)) return node.properties.length > 0 && originOf(node) === 'hand-written';
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node.text, node);
    return !!declaration && ts.isVariableDeclaration(declaration) && !!declaration.initializer && isDouble(declaration.initializer);
  }
  if (ts.isNewExpression(node)) return originOf(node) === 'hand-written';
  const isAssign = ts.isCallExpression(node) && nameOf(node.expression) === 'Object.assign';
  return isAssign && originOf(node) === 'hand-written';
}

/** The type inside of `jest.Mocked<…>` and the like. */
function mockedType(type: TS.TypeNode): TS.TypeNode {
  if (ts.isParenthesizedTypeNode(type)) return mockedType(type.type);
  if (!ts.isTypeReferenceNode(type)) return type;
  const name = ts.isIdentifier(type.typeName) ? type.typeName.text : type.typeName.right.text;
  const [argument] = type.typeArguments ?? [];
  // The type reader knows `Awaited<ReturnType<…>>`.
  return argument && transparent.test(name) && name !== 'Awaited' ? mockedType(argument) : type;
}
