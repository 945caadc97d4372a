import type { NodeGroup } from './collapse.js';
import type { DiagramEdge, DiagramNode } from './diagram-graph.js';
import { type Link, linkKey } from './layout-level.js';

/** A node, or a group with what it contains. */
export type Part =
  | { readonly kind: 'node'; readonly id: string; readonly node: DiagramNode }
  | { readonly kind: 'group'; readonly id: string; readonly group: NodeGroup; readonly parts: readonly Part[] };

/** Puts nodes into the open groups, and inner groups into outer ones. The outer groups come first. */
export function partsOf(nodes: readonly DiagramNode[], open: readonly NodeGroup[]): Part[] {
  const [outer, ...inner] = open;
  if (!outer) return nodes.map((node) => ({ kind: 'node', id: node.id, node }));
  const members = new Set(outer.members);
  // A closed group inside stands for its members.
  const isInside = ({ id, members: hidden }: DiagramNode): boolean => members.has(hidden?.[0] ?? id);
  const isBelow = (group: NodeGroup): boolean => members.has(group.members[0] ?? '');
  const parts = partsOf(nodes.filter(isInside), inner.filter(isBelow));
  const others = partsOf(
    nodes.filter((node) => !isInside(node)),
    inner.filter((group) => !isBelow(group)),
  );
  return parts.length === 0 ? others : [{ kind: 'group', id: outer.id, group: outer, parts }, ...others];
}

/** Returns the parts around each node, by its identity: the outermost first, and the node itself last. */
export function chainsOf(parts: readonly Part[], around: readonly string[] = []): Map<string, readonly string[]> {
  return new Map(
    parts.flatMap((part): [string, readonly string[]][] => {
      const chain = [...around, part.id];
      return part.kind === 'node' ? [[part.id, chain]] : [...chainsOf(part.parts, chain)];
    }),
  );
}

/** The links of a level, and the gates of its group. */
export interface LevelLinks {
  readonly links: readonly Link[];
  /** Identities of the gates. */
  readonly gates: readonly string[];
}

/** Returns the gate through which edges from outside of a group reach a part of it. */
export function entryOf(part: string): string {
  return `in:${part}`;
}

/** Returns the gate through which edges of a part leave its group. */
export function exitOf(part: string): string {
  return `out:${part}`;
}

/**
 * Returns the links between the parts of a level, each pair once. Edges of inner nodes count for their part. A part behind others has a gate
 * before all of them if edges reach it from outside: such an edge gets a way between the boxes. Edges that leave have gates in the same way.
 */
export function linksOfLevel(parts: readonly Part[], edges: readonly DiagramEdge[]): LevelLinks {
  const partOf = new Map([...chainsOf(parts)].flatMap(([node, [part]]): [string, string][] => (part === undefined ? [] : [[node, part]])));
  const links = new Map<string, Link>();
  const [entered, left] = [new Set<string>(), new Set<string>()];
  for (const edge of edges) {
    const [from, to] = [partOf.get(edge.from), partOf.get(edge.to)];
    if (from === undefined && to !== undefined) entered.add(to);
    if (from !== undefined && to === undefined) left.add(from);
    if (from === undefined || to === undefined) continue;
    // The inside of a group is not part of this level; a call of itself is.
    if (from === to && (from !== edge.from || edge.from !== edge.to)) continue;
    const key = linkKey(from, to);
    links.set(key, { from, to, isNumbered: links.get(key)?.isNumbered === true || edge.recursion !== undefined });
  }
  const inner = [...links.values()].filter(({ from, to }) => from !== to);
  const [sources, targets] = [new Set(inner.map(({ from }) => from)), new Set(inner.map(({ to }) => to))];
  const first = parts.map(({ id }) => id).filter((id) => !targets.has(id));
  const last = parts.map(({ id }) => id).filter((id) => !sources.has(id));
  const entries = [...entered].filter((id) => targets.has(id));
  const exits = [...left].filter((id) => sources.has(id));
  const order = (from: string, to: string): Link => ({ from, to, isNumbered: false, purpose: 'order' });
  const ofGates = [
    ...entries.flatMap((id): Link[] => [
      ...first.map((part) => order(entryOf(id), part)),
      { from: entryOf(id), to: id, isNumbered: false },
    ]),
    ...exits.flatMap((id): Link[] => [...last.map((part) => order(part, exitOf(id))), { from: id, to: exitOf(id), isNumbered: false }]),
  ];
  return { links: [...links.values(), ...ofGates], gates: [...entries.map(entryOf), ...exits.map(exitOf)] };
}
