import type { ts as TS } from 'ts-morph';
import { returnedBy } from '../connections/accessors.js';
import { isCall } from '../dataflow/normalize-call.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { stubFile } from '../clients/stubs.js';
import { hasBody, isFunction, memberAccess, type Callable, callableOf, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** What leases are taken from. */
export interface Pool {
  readonly name: string;
  /** The class of it, or, where that is out of sight, what holds it. */
  readonly kind: TS.Node;
  /** Which one of its kind; undefined where that does not show, and then it may be any. */
  readonly instance: TS.Node | undefined;
}

/** A call that takes a lease out of a pool, and waits for one to come back if none is left. */
export interface Acquisition {
  readonly site: CallSite;
  readonly pool: Pool;
}

/** As long as the function holds what it acquired: positions in its file. */
export interface HeldRange {
  readonly acquisition: Acquisition;
  readonly start: number;
  readonly end: number;
}

const acquiring =
  /^(?:acquire|borrow|lease|reserve|check_?out|session|(?:get|open|take|acquire|borrow|lease|checkOut)(?:Connection|Session|Client|Lease)|connect|take)$/;
const givingBack = /^(?:release|give_?back|check_?in|put_?back|return|free)(?:Connection|Session|Client|Lease|ToPool)?$/i;
const ending = /^(?:close|destroy|dispose|end|terminate)$/i;

export function isSamePool(one: Pool, other: Pool): boolean {
  return one.kind === other.kind && (one.instance === other.instance || one.instance === undefined || other.instance === undefined);
}

/** All calls that acquire: of a method that has a partner by which to give back, and of functions that only pass on what they acquire. */
export function findAcquisitions(sites: readonly CallSite[], checker: TS.TypeChecker): ReadonlyMap<TS.Node, Acquisition> {
  const declarationAt = (node: TS.Node): TS.Node | undefined => {
    const symbol = checker.getSymbolAtLocation(memberAccess(node)?.key ?? node);
    return (symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
  };
  const calls = sites.filter(({ node }) => isCall(node));
  const givenBackTo = new Set(calls.flatMap(({ node }) => givesBackTo(node)).map(declarationAt));

  const poolOf = ({ node, targets, callbacks }: CallSite): Pool | undefined => {
    const access = isCall(node) ? memberAccess(unwrap(node.expression)) : undefined;
    if (access?.name === undefined || !acquiring.test(access.name)) return undefined;
    const object = unwrap(access.object);
    const owner = [...targets]
      .map((target) => target.parent)
      .find((parent) => ts.isClassLike(parent) && parent.members.some((member) => givingBack.test(staticName(member.name) ?? '')));
    if (owner && ts.isClassLike(owner))
      return { name: owner.name?.text ?? 'the pool', kind: owner, instance: instanceOf(declarationAt(object)) };
    const method = declarationAt(access.key);
    if (method?.getSourceFile().fileName === stubFile)
      return { name: 'the connection manager', kind: method, instance: instanceOf(declarationAt(object)) };
    // Out of sight is what calls nothing in sight but what it was given to call.
    const holder = [...targets].every((target) => callbacks.has(target)) ? declarationAt(object) : undefined;
    return holder && givenBackTo.has(holder) ? { name: object.getText(), kind: holder, instance: undefined } : undefined;
  };

  const found = new Map<TS.Node, Acquisition>();
  const note = (site: CallSite, pool: Pool | undefined): boolean => {
    if (pool === undefined || found.has(site.node)) return false;
    found.set(site.node, { site, pool });
    return true;
  };
  for (const site of calls) note(site, poolOf(site));
  const passing = new Map<Callable, Pool>();
  for (let isChanged = found.size > 0; isChanged;) {
    for (const { site, pool } of found.values()) if (isPassedOn(site.node)) passing.set(callableOf(site.node), pool);
    isChanged = calls.filter((site) => [...site.targets].some((target) => note(site, passing.get(target)))).length > 0;
  }
  return found;
}

/** What a call gives a lease back to: `pool` of `pool.release(lease)`. */
function givesBackTo(node: TS.Node): TS.Expression[] {
  const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
  return access?.name !== undefined && givingBack.test(access.name) ? [unwrap(access.object)] : [];
}

/** `const pool = new Pool()` and `static pool = new Pool()` are one pool each. */
function instanceOf(declaration: TS.Node | undefined): TS.Node | undefined {
  const initializer =
    declaration && (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) ? declaration.initializer : undefined;
  return initializer && ts.isNewExpression(unwrap(initializer)) ? declaration : undefined;
}

/** Does its function return what the call acquires? */
function isPassedOn(call: TS.Node): boolean {
  const callable = callableOf(call);
  const kept = keptAs(call);
  return (
    isFunction(callable) &&
    hasBody(callable) &&
    returnedBy(callable)
      .map(unwrap)
      .some((value) => value === call || value.getText() === kept?.name)
  );
}

interface HeldVariable {
  readonly name: string;
  /** Where the language gives it back by itself: the end of the block of a `using` declaration. */
  readonly until: number | undefined;
}

/** The variable or field that what is acquired is put into. */
function keptAs(call: TS.Node): HeldVariable | undefined {
  let value = call;
  // A promise may be a property of what acquires it.
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

/** From the call on, until what it acquired is given back in the same function. Who keeps it for others is not followed. */
export function heldRange(acquisition: Acquisition): HeldRange | undefined {
  const call = acquisition.site.node;
  const kept = keptAs(call);
  if (!kept) return undefined;
  const start = call.getEnd();
  if (kept.until !== undefined) return { acquisition, start, end: kept.until };
  const releases = releasesOf(kept.name, callableOf(call)).filter((release) => release.getStart() > start);
  const sure = releases.find((release) => !isConditional(release, call)) ?? releases.at(-1);
  return sure && { acquisition, start, end: sure.getStart() };
}

function releasesOf(name: string, callable: Callable): TS.Node[] {
  const releases: TS.Node[] = [];
  const visit = (node: TS.Node): void => {
    const access = ts.isCallExpression(node) ? memberAccess(unwrap(node.expression)) : undefined;
    if (ts.isCallExpression(node) && access) {
      const isSymbol = /^Symbol\.(?:async)?dispose$/i.test(access.key.getText());
      const isItsOwn =
        access.object.getText() === name && (isSymbol || givingBack.test(access.name ?? '') || ending.test(access.name ?? ''));
      const isOfPool =
        node.arguments.some((argument) => argument.getText() === name) &&
        (givingBack.test(access.name ?? '') || ending.test(access.name ?? ''));
      if (isItsOwn || isOfPool) releases.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(callable);
  return releases;
}

/** May the function go on without having come by? A `finally` is always come by, a `catch` or an `if` is not. */
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
