import { describe, expect, test } from 'vitest';
import { collapse, groupsOf, groupsToClose } from '../../../src/report/diagram/collapse.js';
import { edgesOf, graphOf, largeGraph } from './graphs.js';

const consumers = Array.from({ length: 20 }, (_, index) => `web/page-${index}.ts`);
const many = graphOf(
  'factory shared/client.ts',
  'server ClickHouse',
  'shared/client.ts -> ClickHouse',
  ...consumers.flatMap((id) => [`consumer ${id}`, `${id} -> shared/client.ts`]),
);

describe('a diagram', () => {
  test('shows the consumers of one target as one node that counts them', () => {
    const { nodes, edges } = collapse(many, groupsToClose(many));
    expect(nodes.map(({ kind, members }) => `${kind} ${members?.length ?? 1}`).sort()).toEqual(['consumer 20', 'factory 1', 'server 1']);
    expect(edges.map(({ count }) => count).sort()).toEqual([1, 20]);
  });

  test('is the graph itself if all groups are open', () => {
    const { nodes, edges } = collapse(many, new Set());
    expect(nodes).toEqual(many.nodes);
    expect(edgesOf({ edges })).toEqual(edgesOf(many));
  });

  test('shows a closed deployable as one node, without the edges inside it', () => {
    const graph = graphOf('consumer a/x.ts', 'factory a/db.ts', 'server ClickHouse', 'a/x.ts -> a/db.ts', 'a/db.ts -> ClickHouse');
    const { nodes, edges } = collapse(graph, new Set(['deployable:a']));
    expect(nodes.map(({ kind, label }) => `${kind} ${label}`)).toEqual(['group a', 'server ClickHouse']);
    expect(edgesOf({ edges })).toEqual(['deployable:a -> ClickHouse']);
  });

  test('closes nothing in a small graph', () => {
    const graph = graphOf('consumer a/x.ts', 'consumer a/y.ts', 'factory a/db.ts', 'a/x.ts -> a/db.ts', 'a/y.ts -> a/db.ts');
    expect(groupsToClose(graph)).toEqual(new Set());
  });

  test('never hides a proven recursion at first', () => {
    const graph = graphOf(
      ...many.nodes.map(({ kind, id }) => `${kind} ${id}`),
      ...edgesOf(many),
      'accessor web/get.ts',
      'manager web/manager.ts',
      'web/get.ts => web/manager.ts',
      'web/manager.ts => web/get.ts',
    );
    const { edges } = collapse(graph, groupsToClose(graph));
    expect(edgesOf({ edges })).toEqual(expect.arrayContaining(['web/get.ts => web/manager.ts', 'web/manager.ts => web/get.ts']));
  });

  test('of three hundred nodes shows a number that people can read', () => {
    const graph = largeGraph(300);
    expect(graph.nodes).toHaveLength(300);
    expect(collapse(graph, groupsToClose(graph)).nodes.length).toBeLessThanOrEqual(36);
  });

  test('has groups whose identity does not depend on other nodes', () => {
    const other = graphOf('consumer api/a.ts', 'consumer api/b.ts', ...many.nodes.map(({ kind, id }) => `${kind} ${id}`), ...edgesOf(many));
    const ids = (graph: typeof many) => groupsOf(graph).map(({ id }) => id);
    expect(ids(other)).toEqual(expect.arrayContaining(ids(many)));
  });
});
