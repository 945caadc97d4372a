import type { ts as TS } from 'ts-morph';
import { returnedBy } from '../connections/accessors.js';
import { isCall } from '../dataflow/normalize-call.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { stubFile } from '../clients/stubs.js';
import { hasBody, isFunction, memberAccess, type Callable, callableOf, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** An object from which leases are acquired. */
export interface Pool {
  /** As a message names it: the class, or the expression that holds the pool. */
  readonly name: string;
  /** The class of the pool; if that is outside the slice, the declaration that holds the pool. */
  readonly kind: TS.Node;
  /**
   * The declaration of this instance. Undefined if the code does not show which instance. Then the pool may be any instance of its `kind`.
   */
  readonly instance: TS.Node | undefined;
}

/** A call that acquires a lease from a pool, and waits if none is free. */
export interface Acquisition {
  readonly site: CallSite;
  readonly pool: Pool;
}

/** The part of a function in which it holds a lease. */
export interface HeldRange {
  readonly acquisition: Acquisition;
  /** Offset of the end of the acquiring call. */
  readonly start: number;
  /** Offset of the release. */
  readonly end: number;
  /** The parts of the range that run only after a release: the rest of the branch that releases. */
  readonly released: readonly { readonly start: number; readonly end: number }[];
}

const acquireNames =
  /^(?:acquire|borrow|lease|reserve|check_?out|session|(?:get|open|take|acquire|borrow|lease|checkOut)(?:Connection|Session|Client|Lease)|connect|take)$/;
const releaseNames = /^(?:release|give_?back|check_?in|put_?back|return|free)(?:Connection|Session|Client|Lease|ToPool)?$/i;
const closeNames = /^(?:close|destroy|dispose|end|terminate)$/i;

/** Whether two pools may be the same. */
export function mayBeSamePool(one: Pool, other: Pool): boolean {
  return one.kind === other.kind && (one.instance === other.instance || one.instance === undefined || other.instance === undefined);
}

/**
 * Returns the calls that acquire a lease, by node: calls of an acquiring method whose class or receiver has a releasing method as well, and
 * calls of functions that return what they acquire. `findNestedAcquires` calls it.
 */
export function findAcquisitions(sites: readonly CallSite[], checker: TS.TypeChecker): ReadonlyMap<TS.Node, Acquisition> {
  const declarationAt = (node: TS.Node): TS.Node | undefined => {
    const symbol = checker.getSymbolAtLocation(memberAccess(node)?.key ?? node);
    return (symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
  };
  const calls = sites.filter(({ node }) => isCall(node));
  const releaseTargets = new Set(calls.flatMap(({ node }) => releaseReceivers(node)).map(declarationAt));

  const poolOf = ({ node, targets, callbacks }: CallSite): Pool | undefined => {
    const access = isCall(node) ? memberAccess(unwrap(node.expression)) : undefined;
    if (access?.name === undefined || !acquireNames.test(access.name)) return undefined;
    const object = unwrap(access.object);
    const owner = [...targets]
      .map((target) => target.parent)
      .find((parent) => ts.isClassLike(parent) && parent.members.some((member) => releaseNames.test(staticName(member.name) ?? '')));
    if (owner && ts.isClassLike(owner))
      return { name: owner.name?.text ?? 'the pool', kind: owner, instance: instanceOf(declarationAt(object)) };
    const method = declarationAt(access.key);
    if (method?.getSourceFile().fileName === stubFile)
      return { name: 'the connection manager', kind: method, instance: instanceOf(declarationAt(object)) };
    // A method is outside the slice if the call runs nothing in the slice but callbacks.
    const holder = [...targets].every((target) => callbacks.has(target)) ? declarationAt(object) : undefined;
    return holder && releaseTargets.has(holder) ? { name: object.getText(), kind: holder, instance: undefined } : undefined;
  };

  const acquisitions = new Map<TS.Node, Acquisition>();
  const add = (site: CallSite, pool: Pool | undefined): boolean => {
    if (pool === undefined || acquisitions.has(site.node)) return false;
    acquisitions.set(site.node, { site, pool });
    return true;
  };
  for (const site of calls) add(site, poolOf(site));
  const returning = new Map<Callable, Pool>();
  for (let hasChanged = acquisitions.size > 0; hasChanged;) {
    for (const { site, pool } of acquisitions.values()) if (isReturned(site.node)) returning.set(callableOf(site.node), pool);
    hasChanged = calls.filter((site) => [...site.targets].some((target) => add(site, returning.get(target)))).length > 0;
  }
  return acquisitions;
}

/** The receiver of a releasing call: `pool` of `pool.release(lease)`. */
function releaseReceivers(node: TS.Node): TS.Expression[] {
  const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
  return access?.name !== undefined && releaseNames.test(access.name) ? [unwrap(access.object)] : [];
}

/** The declaration, if it makes one instance: `const pool = new Pool()`, `static pool = new Pool()`. */
function instanceOf(declaration: TS.Node | undefined): TS.Node | undefined {
  const initializer =
    declaration && (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) ? declaration.initializer : undefined;
  return initializer && ts.isNewExpression(unwrap(initializer)) ? declaration : undefined;
}

/** Whether the function of the call returns what the call acquires. */
function isReturned(call: TS.Node): boolean {
  const callable = callableOf(call);
  const variable = variableOf(call);
  return (
    isFunction(callable) &&
    hasBody(callable) &&
    returnedBy(callable)
      .map(unwrap)
      .some((value) => value === call || value.getText() === variable?.name)
  );
}

interface HeldVariable {
  /** As the code names it: `lease`, `this.lease`. */
  readonly name: string;
  /** Offset at which the language releases it: the end of the block of a `using` declaration. */
  readonly until: number | undefined;
}

/** The variable or field that holds the acquired lease. */
function variableOf(call: TS.Node): HeldVariable | undefined {
  let value = call;
  // `acquire(…).promise` is a promise of the lease.
  while (ts.isExpression(value.parent) && (unwrap(value.parent) === unwrapped(value) || memberAccess(value.parent)?.name === 'promise'))
    value = value.parent;
  const { parent } = value;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const isUsing = (parent.parent.flags & ts.NodeFlags.Using) !== 0;
    return {
      name: parent.name.text,
      until: isUsing
        ? ts.findAncestor(parent, (node) => ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node))?.getEnd()
        : undefined,
    };
  }
  const isAssigned = ts.isBinaryExpression(parent) && parent.right === value && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssigned ? { name: parent.left.getText(), until: undefined } : undefined;
}

function unwrapped(node: TS.Node): TS.Node {
  return ts.isExpression(node) ? unwrap(node) : node;
}

/**
 * Returns the range from the acquisition to the release in the same function. Undefined if the function does not release the lease: leases
 * that are passed on or kept are not followed.
 */
export function heldRange(acquisition: Acquisition): HeldRange | undefined {
  const call = acquisition.site.node;
  const variable = variableOf(call);
  if (!variable) return undefined;
  const start = call.getEnd();
  if (variable.until !== undefined) return { acquisition, start, end: variable.until, released: [] };
  const releases = releasesOf(variable.name, callableOf(call)).filter((release) => release.getStart() > start);
  const release = releases.find((candidate) => !isConditional(candidate, call)) ?? releases.at(-1);
  return release && { acquisition, start, end: release.getStart(), released: releases.flatMap((each) => afterRelease(each, call)) };
}

/** Returns the rest of the branch that the release is a statement of. Empty if the branch does not surely run it, or holds the acquisition. */
function afterRelease(release: TS.Node, call: TS.Node): HeldRange['released'] {
  const statement = ts.findAncestor(release, ts.isStatement);
  if (!statement || !ts.isExpressionStatement(statement)) return [];
  const { parent: branch } = statement;
  const isBranch = ts.isBlock(branch) || ts.isCaseOrDefaultClause(branch);
  const isWhole = unwrapAwait(statement.expression) === release;
  const holdsAcquisition = branch.pos <= call.pos && call.end <= branch.end;
  return isBranch && isWhole && !holdsAcquisition ? [{ start: statement.getEnd(), end: branch.getEnd() }] : [];
}

function unwrapAwait(expression: TS.Expression): TS.Expression {
  const value = unwrap(expression);
  return ts.isAwaitExpression(value) ? unwrap(value.expression) : value;
}

function releasesOf(name: string, callable: Callable): TS.Node[] {
  const releases: TS.Node[] = [];
  const visit = (node: TS.Node): void => {
    const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
    if (ts.isCallExpression(node) && access) {
      const isSymbol = /^Symbol\.(?:async)?dispose$/i.test(access.key.getText());
      const isOnLease =
        access.object.getText() === name && (isSymbol || releaseNames.test(access.name ?? '') || closeNames.test(access.name ?? ''));
      const isOnPool =
        node.arguments.some((argument) => argument.getText() === name) &&
        (releaseNames.test(access.name ?? '') || closeNames.test(access.name ?? ''));
      if (isOnLease || isOnPool) releases.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(callable);
  return releases;
}

/** Whether the function can go on without the release. A `finally` always runs, a `catch` or an `if` does not. */
function isConditional(release: TS.Node, call: TS.Node): boolean {
  const around = ts.findAncestor(release, (node) => node.pos <= call.pos && call.end <= node.end);
  return (
    ts.findAncestor(release, (node) =>
      node === around
        ? 'quit'
        : ts.isIfStatement(node) ||
          ts.isCatchClause(node) ||
          ts.isCaseOrDefaultClause(node) ||
          ts.isConditionalExpression(node) ||
          isFunction(node),
    ) !== undefined
  );
}
