import type { ts as TS } from 'ts-morph';
import { retryLoopOf } from '../statements/loops.js';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import type { FoundHandling, HandlingSearch } from './handling-search.js';

/** Packages whose functions run what they are given again after a failure. */
const retryPackages: ReadonlySet<string> = new Set([
  'p-retry',
  'async-retry',
  'promise-retry',
  'retry',
  'exponential-backoff',
  'cockatiel',
  'ts-retry-promise',
  'ts-retry',
  '@lifeomic/attempt',
  'axios-retry',
  'backoff',
]);

/** Returns the code at a node that runs statements again after a failure: a loop, a function of a library, or a handler. */
export function retriesAt(node: TS.Node, search: HandlingSearch): FoundHandling[] {
  if (ts.isTryStatement(node)) {
    const loop = retryLoopOf(node);
    return loop ? found(loop, 'the loop', search.errors.code.inBlock(node.tryBlock).calls) : [];
  }
  if (!ts.isCallExpression(node)) return [];
  const specifier = search.names.importedBy(node.expression);
  if (specifier !== undefined && retryPackages.has(specifier))
    return found(node, `\`${specifier}\``, search.errors.code.inArguments(node).calls);
  return isRepeatedByHandler(node) ? found(node, 'the handler', search.errors.code.ofPromise(node.expression.expression).calls) : [];
}

function found(node: TS.Node, by: string, failing: readonly TS.Node[]): FoundHandling[] {
  return failing.length === 0 ? [] : [{ node, handling: { kind: 'retry', by }, failing }];
}

/** `statement().catch(statement)`, or with a handler that makes the same call. */
function isRepeatedByHandler(node: TS.CallExpression): node is TS.CallExpression & { readonly expression: TS.PropertyAccessExpression } {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'catch') return false;
  const promise = unwrap(expression.expression);
  const [handler] = node.arguments;
  if (!handler || !ts.isCallExpression(promise)) return false;
  const value = unwrap(handler);
  if (promise.arguments.length === 0 && value.getText() === promise.expression.getText()) return true;
  if (!ts.isArrowFunction(value) || ts.isBlock(value.body)) return false;
  const again = unwrap(value.body);
  return ts.isCallExpression(again) && again.getText() === promise.getText() && memberAccess(again.expression) !== undefined;
}
