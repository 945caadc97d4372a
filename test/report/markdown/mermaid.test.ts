import { describe, expect, it } from 'vitest';
import type { AuditEdge, AuditGraph, AuditNode } from '../../../src/audit/audit-result.js';
import { flowchart } from '../../../src/report/markdown/mermaid.js';
import { draw } from './real-mermaid.js';

function node(id: string, kind: AuditNode['kind'], label = id, deployable = '.'): AuditNode {
  return kind === 'server' ? { id, kind, label } : { id, kind, label, deployable, place: { file: id, line: 1, column: 1 } };
}

function edge(from: string, to: string, recursion?: AuditEdge['recursion']): AuditEdge {
  return { from, to, kind: 'calls', ...(recursion === undefined ? {} : { recursion }) };
}

/** A service whose consumers all ask one accessor. */
function service(consumers: number, deployable = '.'): AuditGraph {
  const at = (name: string) => `${deployable}/${name}`;
  const files = Array.from({ length: consumers }, (_, index) => at(`file-${index}.ts`));
  return {
    nodes: [
      ...files.map((file) => node(file, 'consumer', file, deployable)),
      node(at('getClient'), 'accessor', 'getClient', deployable),
      node(at('db.ts'), 'factory', at('db.ts'), deployable),
      node('server', 'server', 'https://clickhouse:8443'),
    ],
    edges: [...files.map((file) => edge(file, at('getClient'))), edge(at('getClient'), at('db.ts')), edge(at('db.ts'), 'server')],
  };
}

function join(graphs: readonly AuditGraph[]): AuditGraph {
  return { nodes: graphs.flatMap(({ nodes }) => nodes), edges: graphs.flatMap(({ edges }) => edges) };
}

async function drawn(graph: AuditGraph, hops?: ReadonlyMap<string, readonly string[]>) {
  const body = await draw(flowchart(graph, hops) ?? '');
  const texts = (selector: string) => [...body.querySelectorAll(selector)].map(({ textContent }) => (textContent ?? '').trim());
  return { body, nodes: texts('.node .nodeLabel'), clusters: texts('.cluster-label'), edges: texts('.edgeLabel .edgeLabel') };
}

describe('the flowchart, drawn by Mermaid', () => {
  it('has a node for each part', async () => {
    const { nodes } = await drawn(service(1));
    expect(nodes).toHaveLength(4);
    expect(nodes.join('\n')).toContain('https://clickhouse:8443');
  });

  it('has one counted node for the consumers of one target', async () => {
    const { nodes } = await drawn(service(40));
    expect(nodes).toHaveLength(4);
    expect(nodes[0]).toContain('40 files');
  });

  it('is grouped by program', async () => {
    const { clusters } = await drawn(join([service(1, 'apps/web'), service(1, 'apps/worker')]));
    expect(clusters.sort()).toEqual(['apps/web', 'apps/worker']);
  });

  it('numbers the hops of a recursion, in red', async () => {
    const graph: AuditGraph = {
      nodes: [node('a', 'accessor'), node('b', 'manager')],
      edges: [edge('a', 'b', 'proven'), edge('b', 'a', 'proven')],
    };
    const hops = new Map([
      ['a\0b', ['1']],
      ['b\0a', ['2']],
    ]);
    const { edges, body } = await drawn(graph, hops);
    expect(edges).toEqual(['1', '2']);
    const styles = [...body.querySelectorAll('path.flowchart-link')].map((path) => path.getAttribute('style'));
    expect(styles).toHaveLength(2);
    for (const style of styles) expect(style).toContain('stroke:#d1242f');
  });

  it.each([
    'a"]; click n0 href "javascript:alert(1)"',
    '<img src=x onerror=alert(1)>',
    '`**bold**` and _more_',
    '%%{init: {"theme": "dark"}}%%',
    'end',
    'style:x#35;y',
    'subgraph x\nend',
    '---\ntitle: x\n---',
    '#quot; &quot; &#60;b&#62;',
    'a|b --> c',
    '数据 é \u{1F600}',
  ])('shows the name %j as it is', async (name) => {
    const { nodes, body } = await drawn({
      nodes: [node('x', 'consumer', name), node('server', 'server', name)],
      edges: [edge('x', 'server')],
    });
    expect(nodes).toEqual([name.replace(/\n/g, ' '), name.replace(/\n/g, ' ')]);
    expect([...body.querySelectorAll('img, a, script')]).toEqual([]);
  });

  it('has one node for each program if all nodes would be too many', async () => {
    const { nodes } = await drawn(join(Array.from({ length: 40 }, (_, index) => service(9, `apps/app-${index}`))));
    expect(nodes).toContain('11 partsin apps/app-7');
  });

  it('is missing if even that is too large for a comment', () => {
    expect(flowchart(join(Array.from({ length: 300 }, (_, index) => service(3, `apps/app-${index}`))))).toBeUndefined();
  });

  it('is missing for a graph without edges', () => {
    expect(flowchart({ nodes: [node('a', 'accessor')], edges: [] })).toBeUndefined();
  });
});
