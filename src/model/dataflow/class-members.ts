import type { ts as TS } from 'ts-morph';
import { hasBody, isFunction, membersNamed, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { FlowNodes } from './flow-nodes.js';

/** Returns the declarations of a member in the nearest class of the base chain that declares it. Called by `ValueFlow`. */
export function membersOfClass(
  node: TS.ClassLikeDeclaration,
  name: string,
  isStaticMember: boolean,
  nodes: FlowNodes,
  seen = new Set<TS.Node>(),
): TS.Node[] {
  if (seen.has(node)) return [];
  seen.add(node);
  const own = membersNamed(node, name, isStaticMember).filter((member) => !isFunction(member) || hasBody(member));
  const parameters = isStaticMember ? [] : parameterProperties(node).filter((parameter) => staticName(parameter.name) === name);
  if (own.length + parameters.length > 0) return [...own, ...parameters];
  return baseClassesOf(node, nodes).flatMap((base) => membersOfClass(base, name, isStaticMember, nodes, seen));
}

/** Returns the declarations of the base class; empty for a base outside the slice or one that is not a plain name. */
export function baseClassesOf(node: TS.ClassLikeDeclaration, nodes: FlowNodes): TS.ClassLikeDeclaration[] {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const base = clause?.types[0]?.expression;
  return base && ts.isIdentifier(base) ? nodes.declarationsOf(base).filter(ts.isClassLike) : [];
}

function parameterProperties(node: TS.ClassLikeDeclaration): TS.ParameterDeclaration[] {
  const constructor = node.members.find(ts.isConstructorDeclaration);
  return constructor?.parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, constructor)) ?? [];
}
