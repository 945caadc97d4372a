import type { AuditEdge, AuditGraph, AuditNode } from '../../audit/audit-result.js';

/** A node of a diagram: a node of the audit's graph, or one that stands for several of them. */
export interface DiagramNode extends Omit<AuditNode, 'kind'> {
  /** `group`: all code of one deployable. */
  readonly kind: AuditNode['kind'] | 'group';
  /** Identities of the nodes that it stands for. Unset if it stands for itself. */
  readonly members?: readonly string[];
  /** Whether a recursion is hidden among its members. Default: unset, if none is. */
  readonly recursion?: NonNullable<AuditEdge['recursion']>;
}

/** An edge of a diagram. */
export interface DiagramEdge extends AuditEdge {
  /** Number of edges of the audit's graph that it stands for. */
  readonly count: number;
}

/** A graph to draw: each graph of an audit is one after `collapse`. */
export interface DiagramGraph {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

/** Returns the identities of the nodes that an edge leads to, by the node that it comes from. */
export function targetsOf({ edges }: AuditGraph): Map<string, Set<string>> {
  return neighbours(edges.map(({ from, to }) => [from, to]));
}

/** Returns the identities of the nodes that an edge comes from, by the node that it leads to. */
export function sourcesOf({ edges }: AuditGraph): Map<string, Set<string>> {
  return neighbours(edges.map(({ from, to }) => [to, from]));
}

function neighbours(pairs: readonly (readonly [string, string])[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [one, other] of pairs) found.set(one, (found.get(one) ?? new Set()).add(other));
  return found;
}
