import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../../model/typescript/lexical-scope.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { isFunction, unwrap } from '../../model/typescript/syntax.js';

/** Where the options of a construction are written. */
export type FoundOptions =
  | { readonly kind: 'none' }
  /** `type` is the annotation of the constant or of the function around the literal, or behind `satisfies`. */
  | { readonly kind: 'literal'; readonly literal: TS.ObjectLiteralExpression; readonly type: TS.TypeNode | undefined }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Finds the literal with the options of a construction: the argument itself, a constant of the file, or what a function of the file returns.
 * `calls` are the constructions of the file. A constant or function counts only if nothing but these calls reads it.
 */
export function findOptions(call: TS.CallExpression, calls: readonly TS.CallExpression[], source: TS.SourceFile): FoundOptions {
  const [argument] = call.arguments;
  if (!argument) return { kind: 'none' };
  const value = unwrap(argument);
  if (ts.isObjectLiteralExpression(value)) {
    const type = assertedType(argument);
    return value === argument || type
      ? { kind: 'literal', literal: value, type }
      : { kind: 'unknown', reason: `The options have the type of the official client: \`${argument.getText(source)}\`.` };
  }
  const unknown = {
    kind: 'unknown',
    reason: `The options come from \`${value.getText(source)}\`, so this code does not show their names. Translate them where they are written.`,
  } as const;
  const name = ts.isIdentifier(value)
    ? value
    : ts.isCallExpression(value) && value.arguments.length === 0
      ? unwrap(value.expression)
      : undefined;
  if (!name || !ts.isIdentifier(name)) return unknown;
  const declaration = declarationOf(name.text, name);
  const found = declaration && (name === value ? constantOf(declaration) : returnedBy(declaration));
  if (!found) return unknown;
  const isOwn = occurrences(name.text, source).every(
    (node) => node === found.name || calls.some((other) => other.arguments.some((given) => given.pos <= node.pos && node.end <= given.end)),
  );
  if (isOwn) return { kind: 'literal', literal: found.literal, type: found.type };
  return { kind: 'unknown', reason: `Other code reads \`${name.text}\` as options of the official client. Translate them by hand.` };
}

interface Found {
  readonly name: TS.Node;
  readonly literal: TS.ObjectLiteralExpression;
  readonly type: TS.TypeNode | undefined;
}

function constantOf(declaration: TS.Node): Found | undefined {
  const initializer = constantInitializer(declaration);
  if (!initializer || !ts.isVariableDeclaration(declaration)) return undefined;
  const type = declaration.type ?? assertedType(declaration.initializer);
  return ts.isObjectLiteralExpression(initializer) ? { name: declaration.name, literal: initializer, type } : undefined;
}

/** The type in `value satisfies Type`. */
function assertedType(value: TS.Expression | undefined): TS.TypeNode | undefined {
  if (value && ts.isParenthesizedExpression(value)) return assertedType(value.expression);
  return value && ts.isSatisfiesExpression(value) ? value.type : undefined;
}

/** A function without parameters that does nothing but return a literal. */
function returnedBy(declaration: TS.Node): Found | undefined {
  const callable = ts.isFunctionDeclaration(declaration) ? declaration : constantInitializer(declaration);
  const name = ts.isFunctionDeclaration(declaration) || ts.isVariableDeclaration(declaration) ? declaration.name : undefined;
  if (!callable || !name || !isFunction(callable) || callable.parameters.length > 0 || !callable.body) return undefined;
  if (ts.isFunctionDeclaration(callable) && callable.modifiers?.length) return undefined;
  const { body } = callable;
  const [statement, ...more] = ts.isBlock(body) ? body.statements : [];
  const returned = ts.isBlock(body)
    ? statement && ts.isReturnStatement(statement) && more.length === 0
      ? statement.expression
      : undefined
    : body;
  const literal = returned && unwrap(returned);
  return literal && ts.isObjectLiteralExpression(literal) ? { name, literal, type: callable.type ?? assertedType(returned) } : undefined;
}

/** The value of a constant that is not exported. */
function constantInitializer(declaration: TS.Node): TS.Expression | undefined {
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name) || !declaration.initializer) return undefined;
  const list = declaration.parent;
  if (!ts.isVariableDeclarationList(list) || (list.flags & ts.NodeFlags.Const) === 0) return undefined;
  const isExported = ts.isVariableStatement(list.parent) && (list.parent.modifiers?.length ?? 0) > 0;
  return isExported ? undefined : unwrap(declaration.initializer);
}

/** Each identifier with this text, also of another variable. */
export function occurrences(name: string, source: TS.SourceFile): TS.Identifier[] {
  const found: TS.Identifier[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node) && node.text === name) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
