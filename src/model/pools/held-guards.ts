import type { ts as TS } from 'ts-morph';
import { isCall } from '../dataflow/normalize-call.js';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { returnedBy } from '../typescript/returned-values.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { Truth } from './decided-paths.js';
import type { Place, Places } from './places.js';
import type { Pool } from './pool.js';
import { resultIfPresent } from './presence-conditions.js';

/** Members of a lock that tell whether it is held. */
const heldMembers = /^(?:isLocked|isAcquired|isHeld|locked|acquired)$/;

/**
 * Conditions that tell whether the code runs under a lease: `mutex.isLocked()`, and the value of an `AsyncLocalStorage` that the holder
 * set. Created by `findNestedAcquires`.
 */
export class HeldGuards {
  constructor(private readonly places: Places) {}

  /** Returns the storages whose `run` calls the node, by their declarations: `context` of `context.run(client, () => node)`. */
  storagesAround(node: TS.Node): readonly Place[] {
    const found: Place[] = [];
    let inner: TS.Node | undefined;
    for (let child = node; !ts.isSourceFile(child); inner = child, child = child.parent) {
      if (!ts.isCallExpression(child) || (inner !== undefined && (inner === child.arguments[0] || inner === child.expression))) continue;
      const access = memberAccess(unwrap(child.expression));
      const storage = access?.name === 'run' ? this.places.of(access.object) : undefined;
      if (storage !== undefined && this.#isStorage(storage)) found.push(storage);
    }
    return found;
  }

  /** Returns what is known of conditions while a lease of the pool is held, in the code that the storages run. */
  truthUnder(pool: Pool, storages: readonly Place[]): Truth {
    const isPresent = (expression: TS.Expression): boolean =>
      this.#isHeldTest(unwrap(expression), pool) || (storages.length > 0 && this.#isStored(expression, storages, 4));
    return (condition) => resultIfPresent(condition, isPresent);
  }

  #isHeldTest(node: TS.Expression, pool: Pool): boolean {
    const access = memberAccess(ts.isCallExpression(node) ? unwrap(node.expression) : node);
    if (!heldMembers.test(access?.name ?? '') || !access) return false;
    const place = this.places.of(access.object);
    return (
      place !== undefined &&
      (place === pool.kind || place === pool.instance || (access.object.kind === ts.SyntaxKind.ThisKeyword && pool.instance === 'this'))
    );
  }

  /** Whether the expression is the value of a storage, or a part of it. */
  #isStored(expression: TS.Expression, storages: readonly Place[], depth: number): boolean {
    const node = unwrap(expression);
    if (depth === 0) return false;
    if (ts.isCallExpression(node)) {
      const access = memberAccess(unwrap(node.expression));
      const storage = access?.name === 'getStore' ? this.places.of(access.object) : undefined;
      if (storage !== undefined) return storages.includes(storage);
      const callee = this.places.of(node.expression);
      const called = callee === undefined || typeof callee === 'string' ? undefined : functionAt(callee);
      return called !== undefined && returnedBy(called).some((value) => this.#isStored(value, storages, depth - 1));
    }
    const place = this.places.of(node);
    const declaration = place === undefined || typeof place === 'string' ? undefined : place;
    const variable = declaration && ts.isBindingElement(declaration) ? declaration.parent.parent : declaration;
    if (variable && ts.isVariableDeclaration(variable) && variable.initializer && this.#isStored(variable.initializer, storages, depth - 1))
      return true;
    const access = memberAccess(node);
    return access !== undefined && this.#isStored(access.object, storages, depth - 1);
  }

  #isStorage(place: Place): boolean {
    if (typeof place === 'string') return false;
    const value = ts.isVariableDeclaration(place) || ts.isPropertyDeclaration(place) ? place.initializer : undefined;
    return value !== undefined && isCall(unwrap(value)) && /^new (?:\w+\.)?AsyncLocalStorage\b/.test(unwrap(value).getText());
  }
}

function functionAt(declaration: TS.Node): TS.FunctionLikeDeclaration | undefined {
  if (isFunction(declaration)) return declaration;
  const value = ts.isVariableDeclaration(declaration) && declaration.initializer ? unwrap(declaration.initializer) : undefined;
  return value && isFunction(value) ? value : undefined;
}
