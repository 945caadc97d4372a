import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../../model/typescript/lexical-scope.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { isFunction, memberAccess, unwrap } from '../../model/typescript/syntax.js';
import type { TextEdit } from '../rewrite/text-edits.js';
import { occurrences } from './find-options.js';

/**
 * Returns the edits that remove `await client.close()` of a client that a function makes for itself, or the reason why they cannot be
 * removed. Calls with equal options share one connection in the runtime: the close of one call would reject the statements of another.
 * Clients of a module keep their `close()`, which drains the connection when the program ends.
 */
export function removeCloseCalls(
  call: TS.CallExpression,
  source: TS.SourceFile,
): { readonly edits: readonly TextEdit[] } | { readonly reason: string } {
  const declaration = declaredBy(call);
  if (!declaration || !functionAround(declaration)) return { edits: [] };
  if (isUsing(declaration))
    return { reason: '`using` closes the client at the end of the block, and the connection of the runtime is shared.' };
  const name = declaration.name.getText(source);
  const edits: TextEdit[] = [];
  for (const node of occurrences(name, source)) {
    const access = node.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== node || access.name.text !== 'close') continue;
    // A nested function, such as the method `close` of an object, ends a life time that is not this function's.
    if (declarationOf(name, node) !== declaration || functionAround(node) !== functionAround(declaration)) continue;
    const edit = removal(access, source);
    if (!edit)
      return {
        reason: `The function closes its client in an expression: \`${access.parent.getText(source)}\`. The connection of the runtime is shared.`,
      };
    edits.push(edit);
  }
  return { edits };
}

/** `const client = createClient(…)`. */
function declaredBy(call: TS.CallExpression): TS.VariableDeclaration | undefined {
  let value: TS.Node = call;
  while (ts.isParenthesizedExpression(value.parent) || ts.isAsExpression(value.parent) || ts.isAwaitExpression(value.parent))
    value = value.parent;
  const declaration = value.parent;
  return ts.isVariableDeclaration(declaration) && declaration.initializer === value && ts.isIdentifier(declaration.name)
    ? declaration
    : undefined;
}

/** The function that a node belongs to; undefined in the code of a module. */
function functionAround(node: TS.Node): TS.Node | undefined {
  for (let around = node.parent; !ts.isSourceFile(around); around = around.parent) if (isFunction(around)) return around;
  return undefined;
}

function isUsing({ parent }: TS.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(parent) && (parent.flags & ts.NodeFlags.Using) !== 0;
}

/** Removes the statement with its line. A block that would be empty gets a comment. */
function removal(access: TS.PropertyAccessExpression, source: TS.SourceFile): TextEdit | undefined {
  const call = access.parent;
  if (!ts.isCallExpression(call) || memberAccess(unwrap(call.expression))?.name !== 'close' || call.arguments.length > 0) return undefined;
  const value = ts.isAwaitExpression(call.parent) || ts.isVoidExpression(call.parent) ? call.parent : call;
  const statement = value.parent;
  if (!ts.isExpressionStatement(statement)) return undefined;
  const start = statement.getStart(source);
  const block = statement.parent;
  if (!ts.isBlock(block)) return undefined;
  if (block.statements.length === 1) return { start, end: statement.end, text: '// The connection stays open for the next call.' };
  const rest = /^[ \t]*(?:\r?\n)?/.exec(source.text.slice(statement.end))?.[0] ?? '';
  const lead = /[ \t]*$/.exec(source.text.slice(0, start))?.[0] ?? '';
  return rest.includes('\n')
    ? { start: start - lead.length, end: statement.end + rest.length, text: '' }
    : { start, end: statement.end, text: '' };
}
