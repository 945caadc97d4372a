import type { PathStep } from '../../findings/finding.js';
import type { CallEdge } from '../call-graph/call-graph.js';
import { callableName, spanOf } from '../typescript/syntax.js';

/** Returns a call path as findings show it: for each call the name of the caller and the position. The recursion rules call it. */
export function toPathSteps(steps: readonly CallEdge[]): PathStep[] {
  return steps.map(({ from, site }) => ({ name: callableName(from.callable), span: spanOf(site.node) }));
}
