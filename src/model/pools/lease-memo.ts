import type { ts as TS } from 'ts-morph';
import { isCall } from '../dataflow/normalize-call.js';
import { isFunction, isWrapped, memberAccess, type Callable, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isDecidedAgainst } from './decided-paths.js';
import type { Place, Places } from './places.js';
import { resultIfPresent } from './presence-conditions.js';

/** Functions of packages that run their callback once and keep its result. */
const memoNames = /^(?:once|memo\w*|mem|p[Mm]emoize|moize|onetime|lazy)$/;

/**
 * Returns the place that keeps the lease of an acquisition, if the function acquires only while the place has none. `outer` are the places
 * outside the function that receive the lease.
 */
export function leaseMemo(node: TS.Node, holder: Callable, outer: readonly Place[], places: Places): Place | undefined {
  if (isMemoised(node) && ts.isBinaryExpression(assignmentAround(node))) return outer[0];
  const call = holder.parent;
  if (isFunction(holder) && isCall(call) && call.arguments?.some((argument) => argument === holder)) {
    const callee = unwrap(call.expression);
    if (memoNames.test(memberAccess(callee)?.name ?? callee.getText())) return call;
  }
  return outer.find((place) =>
    isDecidedAgainst(node, holder, (condition) => resultIfPresent(condition, (expression) => isIn(expression, place, places))),
  );
}

/** Whether a call acquires only if no lease is kept yet: `this.lease ??= await pool.acquire()`. */
export function isMemoised(node: TS.Node): boolean {
  const parent = assignmentAround(node);
  return ts.isBinaryExpression(parent) && parent.left !== node && /^(?:\?\?|\|\|)=$/.test(parent.operatorToken.getText());
}

function assignmentAround(node: TS.Node): TS.Node {
  let value = node;
  while (isWrapped(value.parent)) value = value.parent;
  return value.parent;
}

/** Whether the expression is what the place keeps: the place, `map.get(key)` and `map.has(key)`, a variable with one of these. */
function isIn(expression: TS.Expression, place: Place, places: Places, depth = 2): boolean {
  const node = unwrap(expression);
  const named = places.of(node);
  if (named === place) return true;
  const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
  if (access && /^(?:get|has)$/.test(access.name ?? '')) return places.of(access.object) === place;
  if (named === undefined || typeof named === 'string' || depth === 0) return false;
  return ts.isVariableDeclaration(named) && named.initializer !== undefined && isIn(named.initializer, place, places, depth - 1);
}
