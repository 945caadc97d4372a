import type { AuditEdge, AuditGraph, AuditNode } from './audit-result.js';

/** Collects the nodes and edges of a graph, each once. */
export class GraphBuilder {
  readonly #nodes = new Map<string, AuditNode>();
  readonly #edges = new Map<string, AuditEdge>();

  /** Adds a node unless there is one with its identity. Returns the identity. */
  add(node: AuditNode): string {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
    return node.id;
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  /** Returns the nodes of a file, in the order in which they were added. */
  nodesIn(file: string): AuditNode[] {
    return [...this.#nodes.values()].filter(({ place }) => place?.file === file);
  }

  /** Adds an edge, unless a node of it is left out. A proven recursion replaces a possible one. */
  connect(from: string | undefined, to: string | undefined, kind: AuditEdge['kind'], recursion?: AuditEdge['recursion']): void {
    if (from === undefined || to === undefined) return;
    const key = `${from}\0${to}`;
    const known = this.#edges.get(key);
    if (known && (recursion === undefined || known.recursion === 'proven')) return;
    this.#edges.set(key, { from, to, kind: known?.kind ?? kind, ...(recursion === undefined ? {} : { recursion }) });
  }

  /** Returns the graph, sorted. A consumer without an edge is left out. */
  graph(): AuditGraph {
    const edges = [...this.#edges.values()].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
    const connected = new Set(edges.flatMap(({ from, to }) => [from, to]));
    const nodes = [...this.#nodes.values()].filter(({ id, kind }) => kind !== 'consumer' || connected.has(id));
    return { nodes: nodes.sort((a, b) => compare(a.id, b.id)), edges };
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
