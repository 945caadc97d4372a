import type { AuditEdge, AuditGraph, AuditNode } from '../../audit/audit-result.js';
import { type DiagramEdge, type DiagramGraph, type DiagramNode, sourcesOf, targetsOf } from './diagram-graph.js';

/** Nodes that one node of a diagram can stand for. */
export interface NodeGroup {
  /** Identity. It does not change when other groups open or close. */
  readonly id: string;
  /** `same-neighbours`: nodes of one kind with the same edges. `deployable`: all code of a deployable. */
  readonly kind: 'same-neighbours' | 'deployable';
  /** Folder of the deployable that contains the nodes. */
  readonly deployable: string;
  /** Identities of the nodes. At least two. */
  readonly members: readonly string[];
  /** Whether edges of a recursion are among or at the members. */
  readonly recursion?: NonNullable<AuditEdge['recursion']>;
}

/** A graph with at most this many nodes is drawn completely. */
const maxOpenNodes = 14;

/** If a graph has more nodes when its equal nodes are one, whole deployables become one node too. */
const maxNodes = 36;

/** Returns what can be collapsed: nodes with the same neighbours first, then deployables. */
export function groupsOf(graph: AuditGraph): NodeGroup[] {
  const inRecursion = recursionOfNodes(graph);
  const [targets, sources] = [targetsOf(graph), sourcesOf(graph)];
  const key = ({ id, kind, deployable }: AuditNode): string | undefined => {
    // The hops of a proven recursion are the news of a diagram: each is shown.
    if (deployable === undefined || inRecursion.get(id) === 'proven') return undefined;
    return JSON.stringify([kind, deployable, inRecursion.get(id) ?? '', listed(targets.get(id)), listed(sources.get(id))]);
  };
  const equal = groupBy(graph.nodes, key).map((nodes) => ({ nodes, id: `equal:${nodes[0]?.id ?? ''}` }));
  const deployables = groupBy(graph.nodes, ({ deployable }) => deployable).map((nodes) => ({
    nodes,
    id: `deployable:${nodes[0]?.deployable ?? ''}`,
  }));
  const group = (kind: NodeGroup['kind'], id: string, nodes: readonly AuditNode[]): NodeGroup[] => {
    if (nodes.length < 2) return [];
    const recursion = worst(nodes.map((node) => inRecursion.get(node.id)));
    const members = nodes.map((node) => node.id);
    return [{ id, kind, deployable: nodes[0]?.deployable ?? '', members, ...(recursion === undefined ? {} : { recursion }) }];
  };
  return [
    ...equal.flatMap(({ id, nodes }) => group('same-neighbours', id, nodes)),
    ...deployables.flatMap(({ id, nodes }) => group('deployable', id, nodes)),
  ];
}

/** Returns the groups to close at first, so that the diagram can be read. No group with a recursion is closed. */
export function groupsToClose(graph: AuditGraph, groups: readonly NodeGroup[] = groupsOf(graph)): Set<string> {
  const closed = new Set<string>();
  if (!drawsGroups(graph)) return closed;
  for (const { id, kind } of groups) if (kind === 'same-neighbours') closed.add(id);
  const deployables = groups.filter(({ kind, recursion }) => kind === 'deployable' && recursion === undefined);
  for (const { id } of deployables.sort((a, b) => b.members.length - a.members.length)) {
    if (collapse(graph, closed, groups).nodes.length <= maxNodes) break;
    closed.add(id);
  }
  return closed;
}

/** Returns whether a graph has so many nodes that its diagram needs groups. */
export function drawsGroups({ nodes }: AuditGraph): boolean {
  return nodes.length > maxOpenNodes;
}

/** Returns the graph with one node for each closed group. A deployable hides the groups inside it. */
export function collapse(graph: AuditGraph, closed: ReadonlySet<string>, groups: readonly NodeGroup[] = groupsOf(graph)): DiagramGraph {
  const shown = new Map<string, NodeGroup>();
  // Deployables come last, and so replace the groups inside them.
  for (const group of groups) if (closed.has(group.id)) for (const member of group.members) shown.set(member, group);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const nodes = new Map<string, DiagramNode>();
  for (const node of graph.nodes) {
    const group = shown.get(node.id);
    if (group === undefined) nodes.set(node.id, node);
    else if (!nodes.has(group.id)) nodes.set(group.id, toNode(group, byId));
  }
  const idOf = (id: string): string => shown.get(id)?.id ?? id;
  return {
    nodes: [...nodes.values()],
    edges: joinEdges(graph.edges.map((edge) => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) }))),
  };
}

function toNode({ id, kind, deployable, members, recursion }: NodeGroup, byId: ReadonlyMap<string, AuditNode>): DiagramNode {
  const first = byId.get(members[0] ?? '');
  return {
    id,
    kind: kind === 'deployable' ? 'group' : (first?.kind ?? 'consumer'),
    label:
      kind === 'deployable' ? nameOfDeployable(deployable) : commonFolder(members.flatMap((member) => byId.get(member)?.place?.file ?? [])),
    deployable,
    members,
    ...(recursion === undefined ? {} : { recursion }),
  };
}

/** Returns the name of a deployable for readers: its folder. */
export function nameOfDeployable(deployable: string): string {
  return deployable === '.' ? 'root' : deployable;
}

function joinEdges(edges: readonly AuditEdge[]): DiagramEdge[] {
  const joined = new Map<string, DiagramEdge>();
  for (const edge of edges) {
    // What is inside one closed group is no edge of the diagram.
    if (edge.from === edge.to && edge.from.startsWith('deployable:')) continue;
    const key = JSON.stringify([edge.from, edge.to]);
    const known = joined.get(key);
    const recursion = worst([known?.recursion, edge.recursion]);
    joined.set(key, { ...(known ?? edge), count: (known?.count ?? 0) + 1, ...(recursion === undefined ? {} : { recursion }) });
  }
  return [...joined.values()];
}

function recursionOfNodes({ edges }: AuditGraph): Map<string, NonNullable<AuditEdge['recursion']>> {
  const found = new Map<string, NonNullable<AuditEdge['recursion']>>();
  for (const { from, to, recursion } of edges) {
    if (recursion === undefined) continue;
    for (const id of [from, to]) found.set(id, worst([found.get(id), recursion]) ?? recursion);
  }
  return found;
}

function worst(recursions: readonly AuditEdge['recursion'][]): AuditEdge['recursion'] {
  return recursions.includes('proven') ? 'proven' : recursions.find((recursion) => recursion !== undefined);
}

/** Returns the nodes with the same key, in groups; a node without a key is in none. */
function groupBy(nodes: readonly AuditNode[], key: (node: AuditNode) => string | undefined): AuditNode[][] {
  const groups = new Map<string, AuditNode[]>();
  for (const node of nodes) {
    const name = key(node);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), node]);
  }
  return [...groups.values()];
}

function listed(ids: ReadonlySet<string> | undefined): string[] {
  return [...(ids ?? [])].sort();
}

function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => file.split('/').slice(0, -1));
  const length = first.findIndex((segment, index) => others.some((folders) => folders[index] !== segment));
  return (length === -1 ? first : first.slice(0, length)).join('/') || 'root';
}
