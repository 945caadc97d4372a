import type { PathStep } from '../../findings/finding.js';
import type { CallEdge } from '../call-graph/call-graph.js';
import { callableName, spanOf } from '../typescript/syntax.js';

/** The steps as a reader follows them: who calls, and where the call stands. */
export function toPathSteps(steps: readonly CallEdge[]): PathStep[] {
  return steps.map(({ from, site }) => ({ name: callableName(from.callable), span: spanOf(site.node) }));
}
