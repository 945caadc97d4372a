import type { AuditEdge, AuditGraph, AuditNode } from '../../../src/audit/audit-result.js';

/** Returns a graph from lines: `kind deployable/file` for nodes, and `from -> to` or `from => to` (a recursion) for edges. */
export function graphOf(...lines: readonly string[]): AuditGraph {
  const nodes = lines.filter((line) => !/[-=]>/.test(line)).map(toNode);
  const servers = new Set(nodes.filter(({ kind }) => kind === 'server').map(({ id }) => id));
  const edges = lines.filter((line) => /[-=]>/.test(line)).map((line) => toEdge(line, servers));
  return { nodes, edges };
}

const kinds = ['consumer', 'accessor', 'manager', 'factory', 'construction', 'function', 'runtime', 'server'] as const;

function toNode(line: string): AuditNode {
  const [name = '', id = ''] = line.split(' ');
  const kind = kinds.find((known) => known === name) ?? 'consumer';
  if (kind === 'server' || kind === 'runtime') return { id, kind, label: id };
  return { id, kind, label: id, deployable: id.split('/')[0] ?? '.', place: { file: id, line: 1, column: 1 } };
}

function toEdge(line: string, servers: ReadonlySet<string>): AuditEdge {
  const [from = '', arrow = '', to = ''] = line.split(' ');
  return { from, to, kind: servers.has(to) ? 'connects' : 'calls', ...(arrow === '=>' ? { recursion: 'proven' as const } : {}) };
}

/** Returns the edges as lines. */
export function edgesOf({ edges }: { readonly edges: readonly AuditEdge[] }): string[] {
  return edges.map(({ from, to, recursion }) => `${from} ${recursion ? '=>' : '->'} ${to}`).sort();
}

/** A graph of a large code base: ten deployables, each with an accessor, a factory and many consumers of different accessors. */
export function largeGraph(nodes: number): AuditGraph {
  const deployables = Array.from({ length: 10 }, (_, index) => `package-${index}`);
  const consumers = Array.from({ length: nodes - 21 }, (_, index) => ({ id: `package-${index % 10}/src/consumer-${index}.ts`, index }));
  return graphOf(
    ...deployables.flatMap((name) => [`accessor ${name}/src/get-client.ts`, `factory ${name}/src/client.ts`]),
    ...consumers.map(({ id }) => `consumer ${id}`),
    'server ClickHouse',
    ...deployables.flatMap((name) => [`${name}/src/get-client.ts -> ${name}/src/client.ts`, `${name}/src/client.ts -> ClickHouse`]),
    ...consumers.flatMap(({ id, index }) => [
      `${id} -> package-${(index * 7) % 10}/src/get-client.ts`,
      ...(index % 3 === 0 ? [`${id} -> package-${(index * 3) % 10}/src/client.ts`] : []),
    ]),
  );
}
