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
  for (const { from, to, isNumbered } of links)
    graph.setEdge(from, to, isNumbered ? { width: numberSize, height: numberSize, labelpos: 'c' } : {});
  layout(graph);
  const placed = items.map(({ id, width, height }): [string, Box] => {
    const { x = 0, y = 0 } = graph.node(id);
    return [id, { x: x - width / 2, y: y - height / 2, width, height }];
  });
  const ways = links.map(({ from, to }): [string, readonly Point[]] => [linkKey(from, to), graph.edge(from, to).points ?? []]);
  return { width: graph.graph().width ?? 0, height: graph.graph().height ?? 0, boxes: new Map(placed), ways: new Map(ways) };
}

/** Returns the name of the link between two items. */
export function linkKey(from: string, to: string): string {
  return JSON.stringify([from, to]);
}
