import { describe, expect, test } from 'vitest';
import type { AuditGraph } from '../../../src/audit/audit-result.js';
import { collapse, groupsOf, groupsToClose } from '../../../src/report/diagram/collapse.js';
import { drawDiagram } from '../../../src/report/diagram/diagram.js';
import { layout } from '../../../src/report/diagram/layout.js';
import type { Box, Direction } from '../../../src/report/diagram/layout-level.js';
import { graphOf, largeGraph } from './graphs.js';

const recursion = graphOf(
  'consumer app/report.ts',
  'accessor app/get.ts',
  'manager app/manager.ts',
  'function app/pool.ts',
  'app/report.ts -> app/get.ts',
  'app/get.ts => app/manager.ts',
  'app/manager.ts => app/pool.ts',
  'app/pool.ts => app/get.ts',
);

function svgOf(graph: AuditGraph, direction: Direction = 'wide'): string {
  const view = { closed: groupsToClose(graph), direction };
  return drawDiagram(graph, view, { prefix: 'test', title: 'Test', isInteractive: true, linkOf: () => undefined }).text;
}

function overlaps(one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}

describe('a drawing', () => {
  test('numbers the hops of a recursion in the order of the calls', () => {
    const hops = [...svgOf(recursion).matchAll(/<g class="hop proven">.*?>(\d+)<\/text>/g)].map(([, number]) => number);
    expect(hops.sort()).toEqual(['1', '2', '3']);
  });

  test('draws a call of itself', () => {
    expect(svgOf(graphOf('accessor app/get.ts', 'app/get.ts => app/get.ts'))).toContain('edge proven');
  });

  test.each(['wide', 'tall'] as const)('puts no two boxes over each other: %s', (direction) => {
    const graph = largeGraph(120);
    const groups = groupsOf(graph);
    for (const closed of [new Set<string>(), groupsToClose(graph, groups)]) {
      const open = groups.filter(({ id, kind }) => kind === 'deployable' && !closed.has(id));
      const { nodes, width, height } = layout(collapse(graph, closed, groups), open, direction);
      const boxes = nodes.map(({ box }) => box);
      expect(boxes.flatMap((box, index) => boxes.slice(index + 1).filter((other) => overlaps(box, other)))).toEqual([]);
      expect(boxes.every((box) => box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height)).toBe(true);
    }
  });

  test.each(['wide', 'tall'] as const)('leads an edge from another group past the boxes beside its target: %s', (direction) => {
    const graph = graphOf(
      'consumer web/page.ts',
      'consumer shared/one.ts',
      'consumer shared/two.ts',
      'factory shared/db.ts',
      'server ClickHouse',
      'web/page.ts -> shared/db.ts',
      'shared/one.ts -> shared/db.ts',
      'shared/two.ts -> shared/db.ts',
      'shared/db.ts -> ClickHouse',
    );
    const open = groupsOf(graph).filter(({ kind }) => kind === 'deployable');
    const { nodes, edges } = layout(collapse(graph, new Set()), open, direction);
    const points = edges.find(({ edge }) => edge.from === 'web/page.ts')?.points ?? [];
    const beside = nodes.filter(({ node }) => /one|two/.test(node.id)).map(({ box }) => box);
    // The edge goes straight where it passes the consumers, and there it is in no box.
    const passed = points.slice(1).filter((point, index) => {
      const before = points[index];
      return before !== undefined && (direction === 'wide' ? before.y === point.y : before.x === point.x);
    });
    expect(passed.length).toBeGreaterThan(0);
    for (const { x, y } of passed)
      expect(beside.filter((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)).toEqual([]);
  });

  test('escapes names of the code, and shows characters that would turn text around', () => {
    const name = `app/</title><script>alert("1")</script>\u202Ecod.ts`;
    const svg = svgOf({
      nodes: [{ id: name, kind: 'consumer', label: name, deployable: 'app', place: { file: name, line: 1, column: 1 } }],
      edges: [],
    });
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u202E');
    expect(svg).toContain('\\u202e');
  });

  test('cuts names of any length', () => {
    const long = `${'very-long-folder/'.repeat(40)}${'名前'.repeat(60)}.ts`;
    const graph = {
      nodes: [{ id: long, kind: 'factory', label: long, deployable: 'app', place: { file: long, line: 1, column: 1 } }],
      edges: [],
    } as const;
    const [node] = layout(collapse(graph, new Set()), [], 'wide').nodes;
    expect(node?.box.width).toBeLessThan(280);
    expect(node?.label.name).toContain('…');
  });
});
