import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import { isFunction, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

const connectionOptions = new Set(['url', 'host', 'hostname', 'username', 'user', 'password', 'access_token', 'auth']);

/**
 * Whether a construction connects with what its caller passes, such as the credentials of a user: each of its options for address and
 * identity comes from a parameter or a local variable, and the module does not read the environment.
 */
export function takesCredentials(file: TS.SourceFile, { start }: Span): boolean {
  if (/\b(?:process|import\.meta|Deno|Bun)\.env\b/.test(file.text)) return false;
  const argument = callAt(file, start)?.arguments?.[0];
  if (!argument) return false;
  const local = localNames(argument);
  const options = unwrap(argument);
  if (!ts.isObjectLiteralExpression(options)) return isFromCaller(options, local);
  const values = options.properties.flatMap((property) => {
    const name = property.name && staticName(property.name);
    if (ts.isSpreadAssignment(property)) return [property.expression];
    if (name === undefined || !connectionOptions.has(name)) return [];
    if (ts.isShorthandPropertyAssignment(property)) return [property.name];
    return ts.isPropertyAssignment(property) ? [property.initializer] : [];
  });
  return values.length > 0 && values.every((value) => isFromCaller(value, local));
}

/** Returns the call or construction whose callee starts at the offset. */
export function callAt(file: TS.SourceFile, start: number): TS.CallExpression | TS.NewExpression | undefined {
  const visit = (node: TS.Node): TS.CallExpression | TS.NewExpression | undefined => {
    if (node.end <= start || node.pos > start) return undefined;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.getStart(file) === start) return node;
    return ts.forEachChild(node, visit);
  };
  return visit(file);
}

/** Names of the parameters and variables of the functions and classes around a node. */
function localNames(node: TS.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (name: TS.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name);
  };
  for (let around = node.parent; !ts.isSourceFile(around); around = around.parent) {
    if (isFunction(around)) for (const { name } of around.parameters) add(name);
    if (ts.isBlock(around))
      for (const statement of around.statements)
        if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) add(name);
  }
  return names;
}

/** Whether the value is built from local names and `this` alone, at least one of them. */
function isFromCaller(value: TS.Expression, local: ReadonlySet<string>): boolean {
  let isFound = false;
  const isLocal = (node: TS.Node): boolean => {
    if (ts.isPropertyAccessExpression(node)) return isLocal(node.expression);
    if (ts.isCallExpression(node)) return node.arguments.every(isLocal) && node.arguments.length > 0;
    if (node.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(node) && local.has(node.text))) return (isFound = true);
    if (ts.isIdentifier(node)) return false;
    return !(ts.forEachChild(node, (child) => (isLocal(child) ? undefined : true)) ?? false);
  };
  return isLocal(unwrap(value)) && isFound;
}
