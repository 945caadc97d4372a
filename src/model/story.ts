import type { Hop } from '../finding.js';
import type { Step } from './call-graph.js';
import { routineName, spanOf } from './syntax.js';

/** The steps as a reader follows them: who calls, and where the call stands. */
export function hopsOf(steps: readonly Step[]): Hop[] {
  return steps.map(({ from, site }) => ({ name: routineName(from.routine), span: spanOf(site.node) }));
}
