import type { ts as TS } from 'ts-morph';
import { returnedBy } from '../typescript/returned-values.js';
import { callableName, isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calleeName } from './failing-calls.js';

/** Methods of clients whose result is to be read. */
export const readMethods: ReadonlySet<string> = new Set(['query', 'exec']);

/**
 * Returns the names of the functions of a file that return the result of a call by one of these names, without types. Names decide here, and types
 * later.
 */
export function passingFunctions(source: TS.SourceFile, names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  if (!mentions(source, names)) return found;
  const known = importedAs(source, names);
  const visit = (node: TS.Node): void => {
    if (isFunction(node) && returnedBy(node).some((value) => isResultOf(value, node, known))) {
      const name = callableName(node).split('.').at(-1);
      if (name !== undefined) found.add(name);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether a file calls something by one of these names. */
export function callsByName(source: TS.SourceFile, names: ReadonlySet<string>): boolean {
  if (!mentions(source, names)) return false;
  const known = importedAs(source, names);
  const visit = (node: TS.Node): boolean =>
    (ts.isCallExpression(node) && known.has(calleeName(node) ?? '')) || (ts.forEachChild(node, visit) ?? false);
  return visit(source);
}

function mentions({ text }: TS.SourceFile, names: ReadonlySet<string>): boolean {
  return [...names].some((name) => text.includes(name));
}

/** Returns the names, and those under which a file imports them. */
export function importedAs({ statements }: TS.SourceFile, names: ReadonlySet<string>): ReadonlySet<string> {
  const known = new Set(names);
  for (const statement of statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) if (propertyName && names.has(propertyName.text)) known.add(name.text);
  }
  return known;
}

function isResultOf(value: TS.Expression, around: TS.FunctionLikeDeclaration, names: ReadonlySet<string>): boolean {
  const node = unwrap(value);
  if (ts.isIdentifier(node)) return initializersOf(node.text, around).some((initial) => isResultOf(initial, around, names));
  if (!ts.isCallExpression(node)) return false;
  const member = memberAccess(unwrap(node.expression));
  if (member && /^(?:catch|finally)$/.test(member.name ?? '')) return isResultOf(member.object, around, names);
  return names.has(calleeName(node) ?? '');
}

/** The calls whose value declarations and assignments in a function give to a name. */
function initializersOf(name: string, around: TS.FunctionLikeDeclaration): TS.CallExpression[] {
  const found: TS.CallExpression[] = [];
  const add = (value: TS.Expression | undefined): void => {
    const node = value && unwrap(value);
    if (node && ts.isCallExpression(node)) found.push(node);
  };
  const visit = (node: TS.Node): void => {
    if (ts.isVariableDeclaration(node) && isNamed(node.name, name)) add(node.initializer);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && isNamed(node.left, name)) add(node.right);
    ts.forEachChild(node, visit);
  };
  if (around.body) visit(around.body);
  return found;
}

function isNamed(node: TS.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}
