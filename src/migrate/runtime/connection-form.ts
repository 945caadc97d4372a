import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../../model/typescript/lexical-scope.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { isFunction, memberAccess, staticName, unwrap } from '../../model/typescript/syntax.js';
import { identityOptions } from './option-names.js';

/** How the runtime gives the client of a construction. */
export type ConnectionForm =
  /** `clickHouse()`, or `clickHouse({ connection })`: the options are the variables of the environment that the runtime reads. */
  | { readonly kind: 'environment'; readonly connection: string | undefined }
  /** `clickHouse(options)`. */
  | { readonly kind: 'options' }
  /** `tenants.for(options)`: the caller decides on the server or the user. */
  | { readonly kind: 'tenant' };

/** The variables that hold an option, without the prefix of the connection. */
const variables: ReadonlyMap<string, readonly string[]> = new Map([
  ['url', ['URL']],
  ['username', ['USER', 'USERNAME']],
  ['password', ['PASSWORD', 'PASS']],
  ['database', ['DATABASE', 'DB']],
]);

/** Chooses the form for the options of one construction. `text` is the code that may read further variables. */
export function connectionFormOf(
  literal: TS.ObjectLiteralExpression | undefined,
  readsVariable: (name: RegExp) => boolean,
): ConnectionForm {
  if (!literal) return { kind: 'options' };
  const connection = environmentConnection(literal);
  // A further variable would become a part of the connection.
  if (connection !== undefined && !readsVariable(otherVariables(connection)))
    return { kind: 'environment', connection: connection === '' ? undefined : connection.toLowerCase() };
  return isOfCaller(literal) ? { kind: 'tenant' } : { kind: 'options' };
}

/** The name of the connection whose variables are server, user, password and database, and no more; empty for the one without a name. */
function environmentConnection(literal: TS.ObjectLiteralExpression): string | undefined {
  const names = new Set<string>();
  for (const property of literal.properties) {
    const parts = variables.get(staticName(property.name) ?? '');
    const variable = ts.isPropertyAssignment(property) ? variableOf(property.initializer) : undefined;
    const found = parts
      ?.map((part) => new RegExp(`^CLICKHOUSE_(?:([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)_)?${part}$`).exec(variable ?? ''))
      .find(Boolean);
    if (!found) return undefined;
    names.add(found[1] ?? '');
  }
  const [name] = names;
  return names.size === 1 && literal.properties.length === variables.size ? name : undefined;
}

/** Returns the variable in `process.env.NAME` and `process.env['NAME']`. */
export function variableOf(expression: TS.Expression): string | undefined {
  const member = memberAccess(unwrap(expression));
  const owner = member && memberAccess(unwrap(member.object));
  if (!member || owner?.name !== 'env' || !ts.isIdentifier(owner.object) || owner.object.text !== 'process') return undefined;
  return member.name;
}

/** Matches the variables of a connection that are not among the four. */
function otherVariables(connection: string): RegExp {
  const others =
    'HOST|HOSTNAME|PORT|HTTP_PORT|PATHNAME|ACCESS_TOKEN|ROLE|SECURE|SSL|TLS|PROTOCOL|CA_FILE|CERT_FILE|KEY_FILE|COMPRESS_REQUESTS|COMPRESS_RESPONSES|DATA_PATH|MAX_CONCURRENT_STATEMENTS|MAX_OPEN_CONNECTIONS|MAX_WAITING_STATEMENTS|ACQUIRE_TIMEOUT_MS|CONNECT_TIMEOUT_MS|REQUEST_TIMEOUT_MS|DEADLINE_MS|MAX_LIFETIME_MS|LEAK_DETECTION_THRESHOLD_MS|APPLICATION';
  return new RegExp(`\\bCLICKHOUSE_(?:${connection === '' ? '' : `(?:${connection}_)?`})(?:${others})\\b`);
}

/** Whether the server or the user depends on a parameter of the function around the construction. */
function isOfCaller(literal: TS.ObjectLiteralExpression): boolean {
  return literal.properties.some((property) => {
    if (!identityOptions.has(staticName(property.name) ?? '')) return false;
    if (ts.isShorthandPropertyAssignment(property)) return dependsOnParameter(property.name, 0);
    return ts.isPropertyAssignment(property) && dependsOnParameter(property.initializer, 0);
  });
}

const maxDepth = 6;

function dependsOnParameter(node: TS.Node, depth: number): boolean {
  if (depth > maxDepth) return false;
  if (ts.isIdentifier(node)) {
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    const declaration = isMember ? undefined : declarationOf(node.text, node);
    return declaration !== undefined && isOfCallerDeclaration(declaration, depth);
  }
  return ts.forEachChild(node, (child) => dependsOnParameter(child, depth) || undefined) ?? false;
}

function isOfCallerDeclaration(declaration: TS.Node, depth: number): boolean {
  if (ts.isParameter(declaration)) return isCalledByName(declaration.parent);
  if (ts.isBindingElement(declaration)) return isOfCallerDeclaration(declaration.parent.parent, depth);
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
  return !ts.isSourceFile(declaration.parent.parent.parent) && dependsOnParameter(declaration.initializer, depth + 1);
}

/** A function that is an argument, such as that of `urls.map((url) => …)`, runs for the values of this code. */
function isCalledByName(callable: TS.Node): boolean {
  return isFunction(callable) && !(ts.isCallExpression(callable.parent) && callable.parent.expression !== callable);
}
