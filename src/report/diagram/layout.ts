import type { NodeGroup } from './collapse.js';
import type { DiagramEdge, DiagramGraph, DiagramNode } from './diagram-graph.js';
import { characterWidth, labelOf, lengthOf, type NodeLabel } from './label.js';
import { type Box, type Direction, type Item, type Level, layoutLevel, type Link, linkKey, type Point } from './layout-level.js';

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
export const groupTitleHeight = 34;

const margin = 12;
const padding = 14;
const nodeHeight = 64;
const minNodeWidth = 136;
const minGroupWidth = 190;

/** A node, or a group with what it contains. */
type Part =
  | { readonly kind: 'node'; readonly id: string; readonly node: DiagramNode }
  | { readonly kind: 'group'; readonly id: string; readonly group: NodeGroup; readonly parts: readonly Part[] };

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
    const level = layoutLevel(items, linksBetween(parts, graph.edges), direction);
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

  const all = measureLevel(partsOf(graph.nodes, open));
  all.place(margin, margin);
  const boxes = new Map(nodes.map(({ node, box }) => [node.id, box]));
  const edges = graph.edges.flatMap((edge): PlacedEdge[] => {
    const way = ways.get(linkKey(edge.from, edge.to));
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (!from || !to) return [];
    return [{ edge, points: way ? attach(way, from, to, direction) : [leavingPoint(from, direction), arrivingPoint(to, direction)] }];
  });
  return { width: all.width + 2 * margin, height: all.height + 2 * margin, direction, nodes, edges, groups };
}

/** Puts nodes into the open groups, and inner groups into outer ones. */
function partsOf(nodes: readonly DiagramNode[], open: readonly NodeGroup[]): Part[] {
  const [outer, ...inner] = open;
  if (!outer) return nodes.map((node) => ({ kind: 'node', id: node.id, node }));
  const members = new Set(outer.members);
  // A closed group inside stands for its members.
  const isInside = ({ id, members: hidden }: DiagramNode): boolean => members.has(hidden?.[0] ?? id);
  const inside = nodes.filter(isInside);
  const isBelow = (group: NodeGroup): boolean => members.has(group.members[0] ?? '');
  const parts = partsOf(inside, inner.filter(isBelow));
  const others = partsOf(
    nodes.filter((node) => !isInside(node)),
    inner.filter((group) => !isBelow(group)),
  );
  return inside.length === 0 ? others : [{ kind: 'group', id: outer.id, group: outer, parts }, ...others];
}

/** The edges between the parts of a level, each pair once. Edges of inner nodes count for their part. */
function linksBetween(parts: readonly Part[], edges: readonly DiagramEdge[]): Link[] {
  const partOf = new Map<string, string>();
  const note = (part: Part, id: string): void => {
    if (part.kind === 'node') partOf.set(part.id, id);
    else for (const inner of part.parts) note(inner, id);
  };
  for (const part of parts) note(part, part.id);
  const links = new Map<string, Link>();
  for (const edge of edges) {
    const [from, to] = [partOf.get(edge.from), partOf.get(edge.to)];
    if (from === undefined || to === undefined) continue;
    // The inside of a group is not part of this level; a call of itself is.
    if (from === to && (from !== edge.from || edge.from !== edge.to)) continue;
    const key = linkKey(from, to);
    links.set(key, { from, to, isNumbered: links.get(key)?.isNumbered === true || edge.recursion !== undefined });
  }
  return [...links.values()];
}

function widthOf({ role, name, folder = '' }: NodeLabel): number {
  const text = Math.max(
    lengthOf(name) * characterWidth.name,
    lengthOf(folder) * characterWidth.folder,
    lengthOf(role) * characterWidth.folder,
  );
  return Math.max(Math.ceil(text) + 30, minNodeWidth);
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
