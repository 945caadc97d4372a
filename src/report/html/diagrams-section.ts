import type { AuditGraph } from '../../audit/audit-result.js';
import { groupsToClose } from '../diagram/collapse.js';
import { drawDiagram } from '../diagram/diagram.js';
import { nameOfKind } from '../diagram/label.js';
import { isSameState, targetState } from '../diagram/target-state.js';
import { jsonMarkup, type Markup, markup } from '../markup/markup.js';
import { rowOfNode } from './inventory-section.js';

/** A diagram of the page, as its script gets it. */
export interface PageDiagram {
  /** Identity of its element. */
  readonly id: string;
  readonly title: string;
  readonly graph: AuditGraph;
  /** The row of the table of parts that each node links to, by its identity. */
  readonly rows: Readonly<Record<string, string>>;
}

/** Returns the diagrams of an audit: the current state, and the state that the rules ask for unless it is the same. */
export function diagramsOf(graph: AuditGraph): PageDiagram[] {
  if (graph.nodes.length === 0) return [];
  const rows = Object.fromEntries(graph.nodes.map(({ id }, index) => [id, rowOfNode(index)]));
  const current = { id: 'current-state', title: 'How the code reaches ClickHouse', graph, rows };
  const target = targetState(graph);
  return isSameState(graph, target) ? [current] : [current, { id: 'target-state', title: 'How the rules want it', graph: target, rows }];
}

/** Returns a diagram without its script: complete without one, and for print. */
export function diagramMarkup({ id, title, graph, rows }: PageDiagram): Markup {
  const view = { closed: groupsToClose(graph), direction: 'wide' } as const;
  const options = {
    prefix: id,
    title,
    isInteractive: false,
    linkOf: (node: string) => (rows[node] === undefined ? undefined : `#${rows[node]}`),
  };
  return markup`<figure class="diagram" id="${id}"><div class="viewport" tabindex="0" role="region" aria-label="${title}: diagram">${drawDiagram(graph, view, options)}</div><figcaption>${legend(graph)}</figcaption></figure>`;
}

/** Returns the data of the diagrams for the script. */
export function diagramData(diagrams: readonly PageDiagram[]): Markup {
  return markup`<script type="application/json" id="diagrams">${jsonMarkup(diagrams)}</script>`;
}

function legend({ nodes, edges }: AuditGraph): Markup {
  const kinds = [...new Set(nodes.map(({ kind }) => kind))];
  const recursions = [...new Set(edges.flatMap(({ recursion }) => recursion ?? []))];
  const texts = { proven: 'recursion, with its hops', possible: 'possible recursion' };
  return markup`<ul class="legend">${kinds.map((kind) => markup`<li><span class="swatch ${kind}"></span>${nameOfKind(kind)}</li>`)}${recursions.map((kind) => markup`<li><span class="swatch line ${kind}"></span>${texts[kind]}</li>`)}</ul>`;
}
