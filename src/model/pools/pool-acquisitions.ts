import type { ts as TS } from 'ts-morph';
import { returnedBy } from '../typescript/returned-values.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { isCall } from '../dataflow/normalize-call.js';
import { stubFile } from '../clients/stubs.js';
import { isFunction, memberAccess, staticName, unwrap, type Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { leaseDestination } from './lease-places.js';
import { isReleaseName } from './lease-releases.js';
import { libraryPoolOf } from './library-pools.js';
import { ownFieldOf } from './owned-pools.js';
import type { Place, Places } from './places.js';
import type { Pool, PoolUse } from './pool.js';

/** A call that acquires a lease from a pool, and waits if none is free. */
export interface Acquisition {
  readonly site: CallSite;
  readonly pool: Pool;
  /** The places outside the called function that keep the lease: the field of an object whose method `open` acquires. */
  readonly kept: readonly Place[];
  readonly use: PoolUse;
  /** The place that keeps the lease, if the code acquires only while the place has none. */
  readonly memo?: Place | undefined;
}

const acquireNames =
  /^(?:acquire|borrow|lease|reserve|check_?out|session|lock|(?:get|open|take|acquire|borrow|lease|checkOut)(?:Connection|Session|Client|Lease|Lock)|connect|take)$/;

/** Names that make a module of functions a pool. Others are too common. */
const functionNames = /^(?:acquire|borrow|lease|check[oO]ut|(?:acquire|borrow|lease|checkOut)(?:Connection|Session|Client|Lease|Lock))$/;

/** Finds the calls that acquire from a pool, and which pool it is. Created by `findNestedAcquires`. */
export class PoolAcquisitions {
  readonly #calls: readonly CallSite[];
  readonly #targets: ReadonlyMap<TS.Node, ReadonlySet<Callable>>;
  /** The receivers of releasing calls: `pool` of `pool.release(lease)`. */
  readonly #releaseReceivers: ReadonlySet<Place>;

  constructor(
    sites: readonly CallSite[],
    private readonly places: Places,
  ) {
    this.#calls = sites.filter(({ node }) => isCall(node));
    this.#targets = new Map(this.#calls.map(({ node, targets }) => [node, targets]));
    this.#releaseReceivers = new Set(
      this.#calls.flatMap(({ node }) => {
        const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
        const place = access && isReleaseName(access.name) ? places.of(access.object) : undefined;
        return place === undefined ? [] : [place];
      }),
    );
  }

  /** Returns the calls that acquire from a pool directly. */
  find(): Acquisition[] {
    return this.#calls.flatMap((site): Acquisition[] => {
      const library = libraryPoolOf(site.node, this.places);
      if (library) return [{ site, pool: this.#withField(library.pool, site.node), use: library.use, kept: [] }];
      const pool = this.#poolOf(site);
      return pool ? [{ site, pool: this.#withField(pool, site.node), use: 'lease', kept: [] }] : [];
    });
  }

  #withField(pool: Pool, call: TS.Node): Pool {
    const callee = isCall(call) ? unwrap(call.expression) : undefined;
    const access = callee && memberAccess(callee);
    const field = (access && ownFieldOf(access.object, this.places)) ?? (callee && ownFieldOf(callee, this.places));
    return field ? { ...pool, field } : pool;
  }

  /** Returns the instance of a pool that a call reaches, whose callee names the pool `this`. */
  resolveThis(pool: Pool, call: TS.Node): Pool {
    if (!isCall(call)) return pool;
    const object = memberAccess(unwrap(call.expression))?.object;
    if (pool.instance === 'this' && object)
      return { ...pool, instance: this.instanceOf(object), field: ownFieldOf(object, this.places) ?? pool.field };
    const field = object && pool.field?.object === 'this' ? { ...pool.field, object: object.getText() } : pool.field;
    return { ...pool, field, instance: pool.instance === 'this' ? undefined : pool.instance };
  }

  /** Returns the declaration of the instance that an expression is. */
  instanceOf(expression: TS.Expression, depth = 4): TS.Node | 'this' | undefined {
    const node = unwrap(expression);
    if (node.kind === ts.SyntaxKind.ThisKeyword) return 'this';
    if (depth === 0) return undefined;
    if (ts.isBinaryExpression(node)) return this.instanceOf(node.left, depth - 1);
    if (ts.isCallExpression(node)) {
      const results = [...(this.#targets.get(node) ?? [])].flatMap((target) =>
        isFunction(target) ? returnedBy(target).map((value) => this.instanceOf(value, depth - 1)) : [undefined],
      );
      return new Set(results).size === 1 ? results[0] : undefined;
    }
    const place = this.places.of(node);
    if (place === undefined || typeof place === 'string') return undefined;
    const initializer = initializerOf(place);
    if (!initializer) return isOneInstance(place) ? place : undefined;
    const value = unwrap(initializer);
    if (ts.isNewExpression(value) || this.#makesInstance(value)) return place;
    return ts.isIdentifier(value) || memberAccess(value) || ts.isCallExpression(value) ? this.instanceOf(value, depth - 1) : undefined;
  }

  /** Whether each call of the function makes a new object: `return new Pool()`, `return { acquire, release }`. */
  #makesInstance(value: TS.Expression): boolean {
    if (!ts.isCallExpression(value)) return false;
    const targets = [...(this.#targets.get(value) ?? [])].filter(isFunction);
    return (
      targets.length > 0 &&
      targets.every((target) => returnedBy(target).every((result) => ts.isNewExpression(result) || ts.isObjectLiteralExpression(result)))
    );
  }

  #poolOf(site: CallSite): Pool | undefined {
    const { node, targets, callbacks } = site;
    if (!ts.isCallExpression(node)) return undefined;
    const callee = unwrap(node.expression);
    const access = memberAccess(callee);
    const name = access?.name ?? (ts.isIdentifier(callee) ? callee.text : undefined);
    if (name === undefined || !acquireNames.test(name)) return undefined;
    const called = [...targets].filter((target) => !callbacks.has(target));
    const instance = access && this.instanceOf(access.object);
    for (const target of called) {
      const owner = ownerOf(target);
      if (!owner) continue;
      if (hasRelease(owner)) return { name: nameOfOwner(owner), kind: owner, instance };
      if (!ts.isSourceFile(owner) && this.#isReleasedItself(node)) return { name: nameOfOwner(owner), kind: owner, instance };
    }
    if (!access) return undefined;
    const method = this.places.declarationOf(access.key);
    if (method?.getSourceFile().fileName === stubFile) return { name: 'the connection manager', kind: method, instance };
    // A method is outside the slice if the call runs nothing in the slice but callbacks.
    const holder = called.length === 0 ? this.places.of(access.object) : undefined;
    if (holder === undefined || typeof holder === 'string') return undefined;
    const isPool = this.#releaseReceivers.has(holder) || this.#isReleasedItself(node);
    return isPool ? { name: unwrap(access.object).getText(), kind: holder, instance: undefined } : undefined;
  }

  /** Whether the code calls a releasing method of the lease, or the lease itself: `lease.release()`, `const release = await lock()`. */
  #isReleasedItself(call: TS.CallExpression): boolean {
    return leaseDestination(call, this.places).places.some((place) => {
      if (typeof place === 'string') return false;
      const scope = ts.findAncestor(place, isFunction) ?? place.getSourceFile();
      return this.places.usesIn(place, scope).some((use) => {
        const { parent } = use;
        const isCalled = ts.isCallExpression(parent) && parent.expression === use && parent.arguments.length === 0;
        return isCalled || (memberAccess(parent)?.object === use && isReleaseName(memberAccess(parent)?.name));
      });
    });
  }
}

/** The class, object literal or module whose member the function is. */
function ownerOf(target: Callable): TS.ClassLikeDeclaration | TS.ObjectLiteralExpression | TS.SourceFile | undefined {
  const { parent } = target;
  if (ts.isSourceFile(target)) return undefined;
  if (ts.isClassLike(parent) || ts.isObjectLiteralExpression(parent)) return parent;
  if (ts.isPropertyAssignment(parent)) return parent.parent;
  if (ts.isPropertyDeclaration(parent) && ts.isClassLike(parent.parent)) return parent.parent;
  const statement = moduleStatementOf(target);
  return statement && namesOf(statement).some((name) => functionNames.test(name)) ? target.getSourceFile() : undefined;
}

/** The statement of a module that declares or exports the function: `function f() {}`, `const f = …`, `exports.f = …`. */
function moduleStatementOf(target: Callable): TS.Node | undefined {
  const { parent } = target;
  const statement = ts.isFunctionDeclaration(target)
    ? target
    : ts.isVariableDeclaration(parent)
      ? parent.parent.parent
      : ts.isBinaryExpression(parent) && parent.right === target
        ? parent.parent
        : undefined;
  return statement && ts.isSourceFile(statement.parent) ? statement : undefined;
}

/** The names of the functions that a statement declares or exports. */
function namesOf(statement: TS.Node): string[] {
  if (ts.isFunctionDeclaration(statement)) return statement.name ? [statement.name.text] : [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer && isFunction(unwrap(initializer)) && ts.isIdentifier(name) ? [name.text] : [],
    );
  const assignment = ts.isExpressionStatement(statement) && ts.isBinaryExpression(statement.expression) ? statement.expression : undefined;
  const access = assignment && isFunction(unwrap(assignment.right)) ? memberAccess(assignment.left) : undefined;
  return access?.name !== undefined && /^(?:module\.)?exports$/.test(access.object.getText()) ? [access.name] : [];
}

function hasRelease(owner: TS.ClassLikeDeclaration | TS.ObjectLiteralExpression | TS.SourceFile): boolean {
  if (ts.isSourceFile(owner)) return owner.statements.some((node) => namesOf(node).some(isReleaseName));
  const members: readonly TS.NamedDeclaration[] = ts.isClassLike(owner) ? owner.members : owner.properties;
  return members.some(({ name }) => isReleaseName(staticName(name as TS.PropertyName | undefined)));
}

function nameOfOwner(owner: TS.ClassLikeDeclaration | TS.ObjectLiteralExpression | TS.SourceFile): string {
  return ts.isClassLike(owner) ? (owner.name?.text ?? 'the pool') : 'the pool';
}

function initializerOf(place: TS.Node): TS.Expression | undefined {
  const isInitialised = ts.isVariableDeclaration(place) || ts.isPropertyDeclaration(place) || ts.isPropertyAssignment(place);
  return isInitialised ? place.initializer : undefined;
}

/** Whether a declaration without a value is one object: a variable of a module, a static field, a field that only its class fills. */
function isOneInstance(place: TS.Node): boolean {
  if (ts.isVariableDeclaration(place)) return ts.isSourceFile(place.parent.parent.parent);
  return false;
}
