import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import type { Construction } from './constructions.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { calleeSpan, isFunction, isNamed, type Callable, callableName, spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Code of the project by which other code constructs clients: a construction of second order. */
export interface Wrapper {
  /** As a reader names it: `createStore`, `Store`, `Store.client`. */
  readonly name: string;
  /** `function`: each call constructs. `class`: each instance constructs. `client`: a client that a module exports. */
  readonly kind: 'function' | 'class' | 'client';
  /** The name in the declaration. */
  readonly span: Span;
  /** Places that call, construct or import it. */
  readonly uses: readonly Span[];
}

/**
 * Returns the functions that return a new client and the classes that own one, directly or by means of others of these, sorted by
 * position. The model's `wrappers` calls it.
 */
export function findWrappers(sites: readonly CallSite[], constructions: readonly Construction[]): Wrapper[] {
  const constructing = new Set(constructions.map(({ span }) => keyOf(span)));
  const wrappers = new Map<Callable, CallSite[]>();
  for (let pending = sites.filter(({ node }) => constructing.has(keyOf(calleeSpan(node)))); pending.length > 0;) {
    const found = new Set(
      pending.map(({ node }) => wrapperAround(node)).filter((callable) => callable !== undefined && !wrappers.has(callable)),
    );
    for (const callable of found)
      if (callable)
        wrappers.set(
          callable,
          sites.filter(({ targets }) => targets.has(callable)),
        );
    // A call that only passes a wrapper as a callback does not get its client.
    pending = sites.filter(({ targets, callbacks }) => [...targets].some((target) => found.has(target) && !callbacks.has(target)));
  }
  return [...wrappers]
    .filter(([callable]) => isNamed(callable))
    .map(([callable, uses]) => ({
      name: callableName(callable),
      kind: ts.isClassLike(callable) ? ('class' as const) : ('function' as const),
      span: nameSpan(callable),
      uses: uses.map(({ node }) => calleeSpan(node)),
    }))
    .sort((a, b) => (keyOf(a.span) < keyOf(b.span) ? -1 : 1));
}

/** The callable that returns the value of the node, or the class that keeps it in each instance. */
function wrapperAround(node: TS.Node): Callable | undefined {
  let value = node;
  while (ts.isExpression(value.parent) && unwrap(value.parent) === unwrap(value as TS.Expression)) value = value.parent;
  const { parent } = value;
  if (ts.isReturnStatement(parent)) return functionAround(parent);
  if (ts.isArrowFunction(parent) && parent.body === value) return parent;
  if (ts.isPropertyDeclaration(parent) && parent.initializer === value)
    return ts.isClassLike(parent.parent) && !isStaticMember(parent) ? parent.parent : undefined;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) return ownerOfField(parent);
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return returnsVariable(parent, parent.name.text);
  return undefined;
}

/** The class whose constructor contains `this.client = …`: each instance gets a client. */
function ownerOfField({ left }: TS.BinaryExpression): Callable | undefined {
  const isField =
    (ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left)) && left.expression.kind === ts.SyntaxKind.ThisKeyword;
  const around = isField ? functionAround(left) : undefined;
  return around && ts.isConstructorDeclaration(around) ? around.parent : undefined;
}

function returnsVariable(declaration: TS.VariableDeclaration, name: string): Callable | undefined {
  const around = functionAround(declaration);
  if (!around?.body || !ts.isBlock(around.body)) return undefined;
  const returns = around.body.statements.some(
    (statement) => ts.isReturnStatement(statement) && statement.expression && isTheVariable(unwrap(statement.expression), name),
  );
  return returns ? around : undefined;
}

function isTheVariable(expression: TS.Expression, name: string): boolean {
  if (ts.isIdentifier(expression)) return expression.text === name;
  // `return { client, … }` returns it as well.
  return (
    ts.isObjectLiteralExpression(expression) &&
    expression.properties.some((property) => property.name !== undefined && ts.isIdentifier(property.name) && property.name.text === name)
  );
}

function functionAround(node: TS.Node): TS.FunctionLikeDeclaration | undefined {
  return ts.findAncestor(node.parent, isFunction);
}

function isStaticMember(member: TS.PropertyDeclaration): boolean {
  return member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

function nameSpan(callable: Callable): Span {
  return ts.isSourceFile(callable) || !callable.name ? spanOf(callable) : spanOf(callable.name);
}

function keyOf({ file, start }: Span): string {
  return `${file}\0${String(start).padStart(9, '0')}`;
}
