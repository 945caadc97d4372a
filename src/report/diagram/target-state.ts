import type { AuditEdge, AuditGraph, AuditNode } from '../../audit/audit-result.js';
import { targetsOf } from './diagram-graph.js';

/** The order in which code asks other code. An edge of the target state leads to a higher rank. */
const ranks: Readonly<Record<AuditNode['kind'], number>> = {
  consumer: 0,
  function: 0,
  accessor: 1,
  manager: 2,
  runtime: 2,
  construction: 3,
  factory: 3,
  server: 4,
};

/**
 * Returns the state that the rules ask for: consumers ask an accessor, accessors a manager, managers the one factory of the deployable, and
 * only factories connect to servers. There is no way back. Code that does not exist is not invented: without an accessor consumers ask the
 * manager or the factory.
 */
export function targetState(graph: AuditGraph): AuditGraph {
  const roles = chooseFactories(graph);
  const nodes = graph.nodes.filter(({ kind }) => kind !== 'function').map((node) => roles.get(node.id) ?? node);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edges = new EdgeSet(byId);
  for (const { from, to } of withoutFunctions(graph)) edges.add(from, to);
  connectConverted(graph, roles, edges);
  askManagers(nodes, edges);
  askAccessors(nodes, edges);
  moveServers(graph, roles, edges);
  const kept = edges.sorted();
  const connected = new Set(kept.flatMap(({ from, to }) => [from, to]));
  return { nodes: nodes.filter(({ id }) => connected.has(id)), edges: kept };
}

/** Returns whether two graphs have the same nodes and edges. */
export function isSameState(one: AuditGraph, other: AuditGraph): boolean {
  const text = ({ nodes, edges }: AuditGraph): string =>
    JSON.stringify([nodes.map(({ id, kind }) => [id, kind]).sort(), edges.map(({ from, to, recursion }) => [from, to, recursion]).sort()]);
  return text(one) === text(other);
}

/** The edges of a target state, each once. Only edges to a higher rank are kept. */
class EdgeSet {
  readonly #edges = new Map<string, AuditEdge>();

  constructor(readonly nodes: ReadonlyMap<string, AuditNode>) {}

  add(from: string, to: string): void {
    const [source, target] = [this.nodes.get(from), this.nodes.get(to)];
    if (!source || !target || ranks[source.kind] >= ranks[target.kind]) return;
    const isDirect = source.kind === 'factory' || source.kind === 'runtime' || target.kind !== 'server';
    if (!isDirect) return;
    const kind = target.kind === 'server' ? 'connects' : source.kind === 'consumer' ? 'uses' : 'calls';
    this.#edges.set(JSON.stringify([from, to]), { from, to, kind });
  }

  remove(from: string, to: string): void {
    this.#edges.delete(JSON.stringify([from, to]));
  }

  /** Returns the nodes of a kind that a node asks. */
  asked(from: string, kinds: readonly AuditNode['kind'][]): AuditNode[] {
    return this.sorted().flatMap((edge) => {
      const node = edge.from === from ? this.nodes.get(edge.to) : undefined;
      return node && kinds.includes(node.kind) ? [node] : [];
    });
  }

  sorted(): AuditEdge[] {
    return [...this.#edges.values()].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
  }
}

/**
 * Decides what becomes of each file that constructs clients and is no factory. Where the deployable has a factory, or asks one elsewhere,
 * the file is a consumer. Otherwise the file that most code asks is the factory.
 */
function chooseFactories(graph: AuditGraph): Map<string, AuditNode> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const targets = targetsOf(graph);
  const roles = new Map<string, AuditNode>();
  for (const deployable of new Set(graph.nodes.map((node) => node.deployable))) {
    const own = graph.nodes.filter((node) => node.deployable === deployable);
    const constructions = own.filter(({ kind }) => kind === 'construction');
    const providers = [...reachable(own, targets)].flatMap((id) => byId.get(id) ?? []).filter(isProvider);
    const asked = ({ id }: AuditNode): number => graph.edges.filter(({ to }) => to === id).length;
    const chosen = providers.length > 0 ? undefined : [...constructions].sort((a, b) => asked(b) - asked(a))[0];
    for (const node of constructions) roles.set(node.id, { ...node, kind: node === chosen ? 'factory' : 'consumer' });
  }
  return roles;
}

function isProvider({ kind }: AuditNode): boolean {
  return kind === 'factory' || kind === 'runtime';
}

function reachable(nodes: readonly AuditNode[], targets: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set(nodes.map(({ id }) => id));
  for (const id of found) for (const target of targets.get(id) ?? []) found.add(target);
  return found;
}

/** The edges, with one edge for each way through functions between accessors and managers. */
function withoutFunctions(graph: AuditGraph): AuditEdge[] {
  const functions = new Set(graph.nodes.filter(({ kind }) => kind === 'function').map(({ id }) => id));
  const targets = targetsOf(graph);
  const behind = (id: string, seen: Set<string> = new Set()): string[] => {
    if (!functions.has(id)) return [id];
    if (seen.has(id)) return [];
    seen.add(id);
    return [...(targets.get(id) ?? [])].flatMap((target) => behind(target, seen));
  };
  return graph.edges.flatMap((edge) => (functions.has(edge.from) ? [] : behind(edge.to).map((to) => ({ ...edge, to }))));
}

/** A file that constructed a client asks the factory of its deployable. */
function connectConverted(graph: AuditGraph, roles: ReadonlyMap<string, AuditNode>, edges: EdgeSet): void {
  const providersOf = providerFinder(graph, roles);
  for (const node of roles.values()) if (node.kind === 'consumer') for (const id of providersOf(node.deployable)) edges.add(node.id, id);
}

/** Returns a function that gives the factories of a deployable: its own, else those that its code asks. */
function providerFinder(graph: AuditGraph, roles: ReadonlyMap<string, AuditNode>): (deployable: string | undefined) => string[] {
  const nodes = graph.nodes.map((node) => roles.get(node.id) ?? node);
  const targets = targetsOf(graph);
  return (deployable) => {
    const own = nodes.filter((node) => node.deployable === deployable);
    const inside = own.filter(isProvider);
    const asked = reachable(own, targets);
    return (inside.length > 0 ? inside : nodes.filter((node) => isProvider(node) && asked.has(node.id))).slice(0, 1).map(({ id }) => id);
  };
}

/** Managers take over from accessors what asks the factory; an accessor and a manager without a factory ask that of their deployable. */
function askManagers(nodes: readonly AuditNode[], edges: EdgeSet): void {
  const factories = nodes.filter(isProvider);
  const ofDeployable = ({ deployable }: AuditNode): AuditNode[] => {
    const own = factories.filter((factory) => factory.deployable === deployable);
    return own.length > 0 ? own.slice(0, 1) : factories.slice(0, 1);
  };
  for (const accessor of nodes.filter(({ kind }) => kind === 'accessor')) {
    for (const manager of edges.asked(accessor.id, ['manager'])) {
      for (const factory of edges.asked(accessor.id, ['factory'])) {
        edges.remove(accessor.id, factory.id);
        edges.add(manager.id, factory.id);
      }
    }
  }
  for (const { id, ...node } of nodes.filter(({ kind }) => kind === 'accessor' || kind === 'manager'))
    if (edges.asked(id, ['manager', 'factory', 'runtime']).length === 0)
      for (const { id: to } of ofDeployable({ id, ...node })) edges.add(id, to);
}

/** A consumer of a manager or a factory asks the accessor that leads there, if there is one. */
function askAccessors(nodes: readonly AuditNode[], edges: EdgeSet): void {
  const accessors = nodes.filter(({ kind }) => kind === 'accessor');
  const leadsTo = (accessor: AuditNode): Set<string> => {
    const next = edges.asked(accessor.id, ['manager', 'factory']);
    return new Set([...next, ...next.flatMap(({ id }) => edges.asked(id, ['factory']))].map(({ id }) => id));
  };
  const ways = accessors.map((accessor) => ({ accessor, leads: leadsTo(accessor) }));
  for (const consumer of nodes.filter(({ kind }) => kind === 'consumer')) {
    for (const target of edges.asked(consumer.id, ['manager', 'factory'])) {
      const leading = ways.filter(({ leads }) => leads.has(target.id)).map(({ accessor }) => accessor);
      const [way] = [...leading.filter(({ deployable }) => deployable === consumer.deployable), ...leading];
      if (!way) continue;
      edges.remove(consumer.id, target.id);
      edges.add(consumer.id, way.id);
    }
  }
}

/**
 * The server of a client that moves to a factory is a server of that factory. An address from the environment is not: the factory reads it
 * from its own configuration.
 */
function moveServers(graph: AuditGraph, roles: ReadonlyMap<string, AuditNode>, edges: EdgeSet): void {
  const providersOf = providerFinder(graph, roles);
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, label]));
  for (const { from, to, kind } of graph.edges) {
    const role = roles.get(from);
    if (kind !== 'connects' || role?.kind !== 'consumer') continue;
    for (const factory of providersOf(role.deployable)) {
      const isOther = isFixedAddress(labels.get(to) ?? '') || edges.asked(factory, ['server']).length === 0;
      if (isOther) edges.add(factory, to);
    }
  }
}

function isFixedAddress(label: string): boolean {
  return /^\w+:\/\/[\w.:[\]-]+\/?$/.test(label);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
