import type { ts as TS } from 'ts-morph';
import type { CallEdge } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { isFunction, isStatic, memberAccess, type Callable, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { Places } from './places.js';
import type { OwnField, Pool } from './pool.js';

/** Returns the field that an expression names, if each object of its class makes a pool of its own for it. */
export function ownFieldOf(expression: TS.Expression, places: Places): OwnField | undefined {
  const access = memberAccess(unwrap(expression));
  const field = access && places.of(expression);
  if (!access || field === undefined || typeof field === 'string') return undefined;
  if (!ts.isPropertyDeclaration(field) || isStatic(field) || !ts.isClassLike(field.parent)) return undefined;
  const made = field.initializer
    ? [field.initializer]
    : assignedInConstructor(field.parent, staticName(field.name) ?? field.name.getText());
  const isMade =
    made.length > 0 &&
    made.every((value) => ts.isNewExpression(unwrap(value)) || (field.initializer && ts.isCallExpression(unwrap(value))));
  return isMade ? { owner: field.parent, object: access.object.getText() } : undefined;
}

function assignedInConstructor(owner: TS.ClassLikeDeclaration, name: string): TS.Expression[] {
  const statements = owner.members.find(ts.isConstructorDeclaration)?.body?.statements ?? [];
  return statements.flatMap((statement) => {
    const assignment =
      ts.isExpressionStatement(statement) && ts.isBinaryExpression(statement.expression) ? statement.expression : undefined;
    const isField = assignment?.operatorToken.kind === ts.SyntaxKind.EqualsToken && assignment.left.getText() === `this.${name}`;
    return assignment && isField ? [assignment.right] : [];
  });
}

/** Tells whether two objects of a class are the same one, so that the pools in their fields are. Created by `findNestedAcquires`. */
export class OwnedPools {
  readonly #isSingle = new Map<TS.Node, boolean>();

  constructor(
    private readonly sites: readonly CallSite[],
    private readonly places: Places,
  ) {}

  /** Whether the pools in two fields may be the same. `isSameThis`: `this` of the second is the object of the first. */
  maybeSame(first: Pool, second: Pool, isSameThis: boolean): boolean {
    const [one, other] = [first.field, second.field];
    if (one === undefined || one.owner !== other?.owner) return true;
    if (one.object === other.object && (one.object !== 'this' || isSameThis)) return true;
    return this.#hasOneObject(one.owner);
  }

  /** Whether `this` of the called function may be the object whose pool is held. */
  keepsThis({ site, to, from }: CallEdge, pool: Pool, isSameThis: boolean): boolean {
    const owner = pool.field?.owner;
    if (!owner || classOf(to.callable) !== owner) return isSameThis;
    const object = ts.isCallExpression(site.node) ? memberAccess(unwrap(site.node.expression))?.object : undefined;
    if (!object || object.kind === ts.SyntaxKind.SuperKeyword) return isSameThis;
    if (object.kind === ts.SyntaxKind.ThisKeyword) return isSameThis || !isInside(from.callable, owner);
    if (!this.#hasOneObject(owner)) return false;
    // An object that holds another one of its class: a list, a tree, a copy.
    return !isInside(from.callable, owner) || this.#isConstant(object);
  }

  #isConstant(object: TS.Expression): boolean {
    const place = this.places.of(object);
    return (
      place !== undefined && typeof place !== 'string' && ts.isVariableDeclaration(place) && ts.isSourceFile(place.parent.parent.parent)
    );
  }

  /** Whether the code makes at most one object of the class. */
  #hasOneObject(owner: TS.ClassLikeDeclaration): boolean {
    const known = this.#isSingle.get(owner);
    if (known !== undefined) return known;
    const made = this.sites.filter(
      ({ node, targets }) => ts.isNewExpression(node) && [...targets].some((target) => this.#isOf(target, owner, 4)),
    );
    const isSingle = made.length === 0 || (made.length === 1 && made.every(({ node }) => !isRepeated(node)));
    this.#isSingle.set(owner, isSingle);
    return isSingle;
  }

  #isOf(target: Callable, owner: TS.ClassLikeDeclaration, depth: number): boolean {
    const made = ts.isConstructorDeclaration(target) ? target.parent : target;
    if (made === owner) return true;
    if (!ts.isClassLike(made) || depth === 0) return false;
    const base = made.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
    const declaration = base && this.places.of(base);
    return (
      declaration !== undefined &&
      typeof declaration !== 'string' &&
      ts.isClassLike(declaration) &&
      this.#isOf(declaration, owner, depth - 1)
    );
  }
}

/** The class whose member the function is. */
function classOf({ parent }: Callable): TS.Node {
  return ts.isPropertyDeclaration(parent) ? parent.parent : parent;
}

/** Whether a loop or a callback makes the object, which may run more than once. */
function isRepeated(node: TS.Node): boolean {
  return (
    ts.findAncestor(
      node,
      (ancestor) => ts.isIterationStatement(ancestor, false) || (isFunction(ancestor) && ts.isCallExpression(ancestor.parent)),
    ) !== undefined
  );
}

function isInside(node: TS.Node, outer: TS.Node): boolean {
  return ts.findAncestor(node, (ancestor) => ancestor === outer) !== undefined;
}
