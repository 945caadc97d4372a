import { groupsToClose } from '../src/report/diagram/collapse.js';
import { drawDiagram } from '../src/report/diagram/diagram.js';
import { largeGraph } from '../test/report/diagram/graphs.js';

/** Measures how long a graph takes to lay out and to draw: collapsed as at first, and with all groups open. Median of 9 runs. */
for (const nodes of [30, 100, 300]) {
  const graph = largeGraph(nodes);
  for (const [name, closed] of [
    ['at first', groupsToClose(graph)],
    ['all open', new Set<string>()],
  ] as const) {
    for (const direction of ['wide', 'tall'] as const) {
      const times = Array.from({ length: 9 }, () => {
        const start = performance.now();
        drawDiagram(graph, { closed, direction }, { prefix: 'bench', title: 'Bench', isInteractive: true, linkOf: () => undefined });
        return performance.now() - start;
      }).sort((a, b) => a - b);
      console.log(`${graph.nodes.length} nodes, ${graph.edges.length} edges, ${name}, ${direction}: ${(times[4] ?? 0).toFixed(0)} ms`);
    }
  }
}
