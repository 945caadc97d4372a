import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isContainer } from './library-calls.js';
import { containerMethods, resolvingMethods } from './library-functions.js';
import { type Call, calledName } from './normalize-call.js';
import type { ValueFlow } from './value-flow.js';

/** Collections whose `get` gives what was stored, not an instance of the key. */
const collectionNames = /^(?:Map|WeakMap|ReadonlyMap|Headers|URLSearchParams|FormData)$/;

/**
 * Adds the instances that a container gives for a class: `container.resolve(Manager)`, `container.get<Manager>(token)`. The call must be
 * one of external code. Called by `ExternalCalls`.
 */
export function loadResolved(node: Call, flow: ValueFlow): void {
  const callee = unwrap(node.expression);
  const access = memberAccess(callee);
  const name = calledName(callee);
  if (ts.isNewExpression(node) || !access || name === undefined || !containerMethods.test(name)) return;
  if (!resolvingMethods.test(name) && !isContainer(access.object, flow.names)) return;
  const { graph } = flow.nodes;
  const result = flow.nodes.at(node);
  // The type is asked for only if there is a class.
  let isCollection: boolean | undefined;
  const addInstance = (owner: TS.ClassLikeDeclaration): void => {
    isCollection ??= collectionNames.test(flow.typeInfo.typeAt(access.object)?.getSymbol()?.name ?? '');
    if (!isCollection) graph.addValue(flow.nodes.value('instance', owner), result);
  };
  for (const owner of classesOfTypeArgument(node, flow)) addInstance(owner);
  const [key] = node.arguments;
  const keyNode = key && flow.read(key);
  if (keyNode)
    graph.addListener(keyNode, (value) => {
      if (value.kind === 'class') addInstance(value.node);
    });
}

function classesOfTypeArgument(node: TS.CallExpression, flow: ValueFlow): TS.ClassLikeDeclaration[] {
  const [type] = node.typeArguments ?? [];
  return type && ts.isTypeReferenceNode(type) ? flow.nodes.declarationsOf(type.typeName).filter(ts.isClassLike) : [];
}
