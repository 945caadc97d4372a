import type { Hop } from '../../findings/finding.js';
import type { Step } from '../call-graph/call-graph.js';
import { routineName, spanOf } from '../typescript/syntax.js';

/** The steps as a reader follows them: who calls, and where the call stands. */
export function hopsOf(steps: readonly Step[]): Hop[] {
  return steps.map(({ from, site }) => ({ name: routineName(from.routine), span: spanOf(site.node) }));
}
