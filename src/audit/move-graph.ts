import { posix } from 'node:path';
import type { AuditEdge, AuditGraph, AuditNode } from './audit-result.js';

/** Makes the paths of a graph relative to a folder above its root. `path` leads from that folder to the root. */
export function moveGraph({ nodes, edges }: AuditGraph, path: string): AuditGraph {
  const moved = new Map(nodes.map((node) => [node.id, moveNode(node, path)]));
  const idOf = (id: string): string => moved.get(id)?.id ?? id;
  return { nodes: [...moved.values()], edges: edges.map((edge) => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) })) };
}

/** Returns a graph with the nodes and edges of both. Servers and the runtime are the same in both. */
export function joinGraphs(one: AuditGraph, other: AuditGraph): AuditGraph {
  const nodes = new Map([...one.nodes, ...other.nodes].map((node) => [node.id, node]));
  const edges = new Map([...one.edges, ...other.edges].map((edge) => [`${edge.from}\0${edge.to}`, edge]));
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Returns the graph of the selected files, with the neighbours of their nodes, and with the server of the runtime. */
export function selectGraph({ nodes, edges }: AuditGraph, isSelected: (place: { readonly file: string }) => boolean): AuditGraph {
  const selected = new Set(nodes.flatMap(({ id, place }) => (place && isSelected(place) ? [id] : [])));
  const isKept = ({ from, to }: AuditEdge): boolean => selected.has(from) || selected.has(to);
  const reached = new Set(edges.filter(isKept).map(({ to }) => to));
  const withoutPlace = new Set(nodes.flatMap(({ id, place }) => (place ? [] : [id])));
  const kept = edges.filter((edge) => isKept(edge) || (reached.has(edge.from) && withoutPlace.has(edge.from)));
  const neighbours = new Set(kept.flatMap(({ from, to }) => [from, to]));
  return { nodes: nodes.filter(({ id }) => selected.has(id) || neighbours.has(id)), edges: kept };
}

function moveNode(node: AuditNode, path: string): AuditNode {
  const { id, kind, label, deployable, place } = node;
  if (!place) return node;
  const isFile = label === place.file;
  return {
    id: posix.join(path, id),
    kind,
    label: isFile ? posix.join(path, label) : label,
    ...(deployable === undefined ? {} : { deployable: posix.join(path, deployable) }),
    place: { ...place, file: posix.join(path, place.file) },
  };
}
