import type { DiagramEdge } from './diagram-graph.js';
import { linkKey } from './layout-level.js';

/**
 * Returns a number for each edge of a recursion, by `linkKey`: the order in which a call takes them. `isStart` says at which nodes a way
 * begins, if it may.
 */
export function numberHops(edges: readonly DiagramEdge[], isStart: (id: string) => boolean): Map<string, number> {
  const left = edges.filter(({ recursion }) => recursion !== undefined);
  const numbers = new Map<string, number>();
  while (left.length > 0) {
    const start = (left.find(({ from }) => isStart(from)) ?? left[0])?.from ?? '';
    let current = start;
    for (;;) {
      const next = left.filter(({ from }) => from === current);
      // A way that goes on comes before one that is back at the start.
      const taken = next.find(({ to }) => to !== start) ?? next[0];
      if (!taken) break;
      left.splice(left.indexOf(taken), 1);
      numbers.set(linkKey(taken.from, taken.to), numbers.size + 1);
      current = taken.to;
    }
  }
  return numbers;
}
