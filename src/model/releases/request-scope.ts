import type { ts as TS } from 'ts-morph';
import { isFunction, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ClosingCalls } from './closing-calls.js';

const perRequest = /\bscope\s*:\s*(?:\w+\.)?Scope\.(?:REQUEST|TRANSIENT)\b/;

/** Hooks that Nest does not call for providers of a request. */
const shutdownHooks = /^(?:onModuleDestroy|onApplicationShutdown|beforeApplicationShutdown)$/;

/**
 * Whether the node runs for each request, because a provider of Nest has the scope of a request, and no method but a hook for the end of the
 * process closes something.
 */
export function requestScope(node: TS.Node, closing: ClosingCalls): boolean {
  const owner = ts.findAncestor(node, ts.isClassLike);
  if (owner && isBuiltWith(node, owner)) {
    const decorators = ts.canHaveDecorators(owner) ? (ts.getDecorators(owner) ?? []) : [];
    const isScoped = decorators.some((decorator) => perRequest.test(decorator.getText()));
    return (
      isScoped &&
      !owner.members.some((member) => isFunction(member) && !shutdownHooks.test(staticName(member.name) ?? '') && closing.closes(member))
    );
  }
  const provider = ts.findAncestor(node, ts.isObjectLiteralExpression);
  const factory = provider?.properties.find((property) => staticName(property.name) === 'useFactory');
  const isInside = factory !== undefined && ts.findAncestor(node, (ancestor) => ancestor === factory) !== undefined;
  return isInside && provider !== undefined && perRequest.test(provider.getText());
}

/** Whether the constructor or a field of the class runs the node. */
function isBuiltWith(node: TS.Node, owner: TS.ClassLikeDeclaration): boolean {
  const around = ts.findAncestor(node, (ancestor) => ancestor === owner || isFunction(ancestor) || ts.isPropertyDeclaration(ancestor));
  return around !== undefined && around !== owner && (ts.isConstructorDeclaration(around) || ts.isPropertyDeclaration(around));
}
