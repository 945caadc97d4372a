import type { NodeGroup } from './collapse.js';
import type { DiagramEdge, DiagramGraph, DiagramNode } from './diagram-graph.js';
import { characterWidth, labelOf, lengthOf, type NodeLabel } from './label.js';
import { type Box, type Direction, type Item, type Level, layoutLevel, linkKey, type Point } from './layout-level.js';
import { chainsOf, entryOf, exitOf, linksOfLevel, type Part, partsOf } from './parts.js';

/** A node with its text and its position. */
export interface PlacedNode {
  readonly node: DiagramNode;
  readonly label: NodeLabel;
  readonly box: Box;
}

/** An edge with its way. */
export interface PlacedEdge {
  readonly edge: DiagramEdge;
  readonly points: readonly Point[];
}

/** An open group with the rectangle around its members. */
export interface PlacedGroup {
  readonly group: NodeGroup;
  readonly box: Box;
}

/** A diagram with the positions of its parts, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly direction: Direction;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  /** The outer groups first. */
  readonly groups: readonly PlacedGroup[];
}

/** Height of the title of a group. */
const groupTitleHeight = 42;

const margin = 12;
const padding = 14;
const nodeHeight = 64;
const minNodeWidth = 136;
const minGroupWidth = 190;
const gateSize = { width: 1, height: 8 };

/** Computes the positions of a graph. `open` are the groups to draw around their members, the outer ones first. */
export function layout(graph: DiagramGraph, open: readonly NodeGroup[], direction: Direction): Layout {
  const labels = new Map(graph.nodes.map((node) => [node.id, labelOf(node)]));
  const nodes: PlacedNode[] = [];
  const groups: PlacedGroup[] = [];
  const ways = new Map<string, readonly Point[]>();

  /** The size of a part, and a function that puts it at a position. */
  interface Measured extends Item {
    readonly place: (x: number, y: number) => void;
  }

  function measure(part: Part): Measured {
    if (part.kind === 'node') {
      const label = labels.get(part.id) ?? labelOf(part.node);
      const size = { width: widthOf(label), height: nodeHeight };
      return { id: part.id, ...size, place: (x, y) => void nodes.push({ node: part.node, label, box: { x, y, ...size } }) };
    }
    const inner = measureLevel(part.parts);
    const size = { width: Math.max(inner.width + 2 * padding, minGroupWidth), height: inner.height + groupTitleHeight + padding };
    return {
      id: part.id,
      ...size,
      place: (x, y) => {
        groups.push({ group: part.group, box: { x, y, ...size } });
        inner.place(x + (size.width - inner.width) / 2, y + groupTitleHeight);
      },
    };
  }

  function measureLevel(parts: readonly Part[]): { width: number; height: number; place: (x: number, y: number) => void } {
    const items = parts.map(measure);
    const { links, gates } = linksOfLevel(parts, graph.edges);
    const level = layoutLevel([...items, ...gates.map((id) => ({ id, ...gateSize }))], links, direction);
    return { width: level.width, height: level.height, place: (x, y) => placeLevel(items, level, x, y) };
  }

  function placeLevel(items: readonly Measured[], level: Level, x: number, y: number): void {
    for (const { id, place } of items) {
      const box = level.boxes.get(id);
      if (box) place(x + box.x, y + box.y);
    }
    for (const [key, way] of level.ways)
      ways.set(
        key,
        way.map((point) => ({ x: point.x + x, y: point.y + y })),
      );
  }

  const parts = partsOf(graph.nodes, open);
  const all = measureLevel(parts);
  all.place(margin, margin);
  const boxes = new Map(nodes.map(({ node, box }) => [node.id, box]));
  const chains = chainsOf(parts);
  const edges = graph.edges.flatMap((edge): PlacedEdge[] => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (!from || !to) return [];
    const way = ways.get(linkKey(edge.from, edge.to));
    if (way) return [{ edge, points: attach(way, from, to, direction) }];
    const between = wayBetween(chains.get(edge.from) ?? [], chains.get(edge.to) ?? [], ways);
    return [{ edge, points: [leavingPoint(from, direction), ...between, arrivingPoint(to, direction)] }];
  });
  return { width: all.width + 2 * margin, height: all.height + 2 * margin, direction, nodes, edges, groups };
}

function widthOf({ role, name, folder = '' }: NodeLabel): number {
  const text = Math.max(
    lengthOf(name) * characterWidth.name,
    lengthOf(folder) * characterWidth.folder,
    lengthOf(role) * characterWidth.folder,
  );
  return Math.max(Math.ceil(text) + 30, minNodeWidth);
}

/** The way of an edge between different groups, from the lane to the gate of its begin to the lane behind the gate of its end. */
function wayBetween(from: readonly string[], to: readonly string[], ways: ReadonlyMap<string, readonly Point[]>): Point[] {
  const common = from.findIndex((part, index) => part !== to[index]);
  const out = from.slice(common + 1).reverse();
  // Between parts of adjacent layers there is nothing to lead around.
  const across = (ways.get(linkKey(from[common] ?? '', to[common] ?? '')) ?? []).slice(1, -1);
  return [
    ...out.flatMap((part) => (ways.get(linkKey(part, exitOf(part))) ?? []).slice(1, -2)),
    ...(across.length > 1 ? across : []),
    ...to.slice(common + 1).flatMap((part) => (ways.get(linkKey(entryOf(part), part)) ?? []).slice(2, -1)),
  ];
}

function leavingPoint({ x, y, width, height }: Box, direction: Direction): Point {
  return direction === 'wide' ? { x: x + width, y: y + height / 2 } : { x: x + width / 2, y: y + height };
}

function arrivingPoint({ x, y, width, height }: Box, direction: Direction): Point {
  return direction === 'wide' ? { x, y: y + height / 2 } : { x: x + width / 2, y };
}

/** Lets a way begin and end at the sides of its boxes: in the middle, or for a way back beside it. A call of itself stays as it is. */
function attach(way: readonly Point[], from: Box, to: Box, direction: Direction): readonly Point[] {
  const inner = way.slice(1, -1);
  const [first, last] = [inner[0], inner.at(-1)];
  if (from === to || !first || !last) return way;
  const side = (box: Box, point: Point): Point => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const isBack = direction === 'wide' ? to.x < from.x : to.y < from.y;
    const middle = inner[Math.floor(inner.length / 2)] ?? point;
    if (direction === 'wide') {
      const offset = isBack ? (middle.y < y ? -1 : 1) * (box.height / 4) : 0;
      return { x: point.x < x ? box.x : box.x + box.width, y: y + offset };
    }
    const offset = isBack ? (middle.x < x ? -1 : 1) * (box.width / 4) : 0;
    return { x: x + offset, y: point.y < y ? box.y : box.y + box.height };
  };
  return [side(from, first), ...inner, side(to, last)];
}
