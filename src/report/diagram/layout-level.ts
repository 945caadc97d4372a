import { Graph, layout } from '@dagrejs/dagre';

/** A rectangle; the position is that of its left upper corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A point of an edge. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `wide`: edges lead to the right. `tall`: edges lead down, for narrow screens. */
export type Direction = 'wide' | 'tall';

/** A rectangle to place. */
export interface Item {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** A connection between two items. */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** Whether the middle of the link has a number. */
  readonly isNumbered: boolean;
  /** `order`: the link is not drawn; it only puts one item before the other. Default: unset. */
  readonly purpose?: 'order';
}

/** Items of one group with their positions. */
export interface Level {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  /** The way of each link, by `linkKey`. */
  readonly ways: ReadonlyMap<string, readonly Point[]>;
}

const numberSize = 22;

/** Places items that are linked to each other: dagre orders them in layers. */
export function layoutLevel(items: readonly Item[], links: readonly Link[], direction: Direction): Level {
  const graph = new Graph();
  const isWide = direction === 'wide';
  graph.setGraph({ rankdir: isWide ? 'LR' : 'TB', ranksep: isWide ? 56 : 36, nodesep: isWide ? 14 : 16, edgesep: 14 });
  for (const { id, width, height } of items) graph.setNode(id, { width, height });
  for (const { from, to, isNumbered, purpose } of links)
    graph.setEdge(
      from,
      to,
      isNumbered ? { width: numberSize, height: numberSize, labelpos: 'c' } : purpose === 'order' ? { weight: 0 } : {},
    );
  layout(graph);
  const placed = items.map(({ id, width, height }): [string, Box] => {
    const { x = 0, y = 0 } = graph.node(id);
    return [id, { x: x - width / 2, y: y - height / 2, width, height }];
  });
  const boxes = new Map(placed);
  const ways = links.map(({ from, to }): [string, readonly Point[]] => [
    linkKey(from, to),
    passBoxes(graph.edge(from, to).points ?? [], [...boxes.values()], isWide),
  ]);
  return { width: graph.graph().width ?? 0, height: graph.graph().height ?? 0, boxes, ways: new Map(ways) };
}

/** Leads a way straight through each layer: dagre gives one point in its middle, and a bend there would lead under a box beside it. */
function passBoxes(way: readonly Point[], boxes: readonly Box[], isWide: boolean): Point[] {
  return way.flatMap((point, index) => {
    if (index === 0 || index === way.length - 1) return [point];
    const layer = boxes
      .map((box) => (isWide ? [box.x, box.x + box.width] : [box.y, box.y + box.height]))
      .filter(([low = 0, high = 0]) => Math.abs((low + high) / 2 - (isWide ? point.x : point.y)) < 1);
    if (layer.length === 0) return [point];
    const ends = [Math.min(...layer.map(([low = 0]) => low)), Math.max(...layer.map(([, high = 0]) => high))];
    const ordered = isBackward(way, isWide) ? ends.reverse() : ends;
    return ordered.map((end) => (isWide ? { x: end, y: point.y } : { x: point.x, y: end }));
  });
}

function isBackward(way: readonly Point[], isWide: boolean): boolean {
  const [first, last] = [way[0], way.at(-1)];
  return first !== undefined && last !== undefined && (isWide ? last.x < first.x : last.y < first.y);
}

/** Returns the name of the link between two items. */
export function linkKey(from: string, to: string): string {
  return JSON.stringify([from, to]);
}
