import type { AuditPlace, AuditResult } from '../../audit/audit-result.js';
import { nameOfDeployable } from '../diagram/collapse.js';
import { nameOfKind } from '../diagram/label.js';
import { type Markup, markup } from '../markup/markup.js';
import { breakable, codeOf, type PageContext, placeLink, prose } from './page-context.js';
import { type Cell, type Table, tableMarkup } from './table.js';

/** Returns a table for each kind of code that the audit found. Tables without a row are left out. */
export function inventoryMarkup(result: AuditResult, context: PageContext): Markup[] {
  const place = (at: AuditPlace): Cell => ({
    content: [placeLink(at, context), codeOf(at, context)],
    value: `${at.file}:${String(at.line).padStart(7, '0')}`,
  });
  const role = (kind: string) => (found: AuditResult['accessors'][number]) => ({
    cells: [
      { content: kind },
      { content: markup`<code>${found.name}</code>`, value: found.name },
      place(found),
      { content: prose(found.evidence) },
    ],
  });
  const tables: Table[] = [
    {
      id: 'constructions',
      caption: 'Client constructions',
      hasHeading: true,
      columns: ['Verdict', 'Client', 'Place', 'Reason'],
      choice: 0,
      rows: result.constructions.map((found) => ({
        cells: [
          {
            content: found.sanctioned ? 'allowed' : markup`<strong class="bad">not allowed</strong>`,
            value: found.sanctioned ? 'allowed' : 'not allowed',
          },
          { content: markup`<code>${found.constructor}</code> of <code>${found.client}</code>` },
          place(found),
          { content: prose(found.reason ?? 'No factory, and no exception.') },
        ],
      })),
    },
    {
      id: 'factories',
      caption: 'Factories',
      hasHeading: true,
      columns: ['Status', 'File', 'Reason', 'Deployables'],
      rows: result.factories.map(({ status, file, reason, deployables }) => ({
        cells: [
          { content: status },
          { content: breakable(file), value: file },
          { content: prose(reason) },
          { content: deployables.map(nameOfDeployable).join(', ') },
        ],
      })),
    },
    {
      id: 'roles',
      caption: 'Accessors and managers',
      hasHeading: true,
      columns: ['Role', 'Name', 'Place', 'Evidence'],
      choice: 0,
      rows: [...result.accessors.map(role('accessor')), ...result.managers.map(role('manager'))],
    },
    partsTable(result, place),
  ];
  return tables.filter(({ rows }) => rows.length > 0).map(tableMarkup);
}

/** Identity of the row of a node in the table of parts. The diagrams link to it. */
export function rowOfNode(index: number): string {
  return `part-${index}`;
}

function partsTable({ graph }: AuditResult, place: (at: AuditPlace) => Cell): Table {
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, label]));
  const names = (ids: readonly string[]): Cell => ({
    content: ids.length === 0 ? '' : markup`<ul class="names">${ids.map((id) => markup`<li>${breakable(labels.get(id) ?? id)}</li>`)}</ul>`,
    value: ids.length,
  });
  return {
    id: 'parts',
    caption: 'Parts of the diagram and what they ask',
    hasHeading: true,
    columns: ['Part', 'Name', 'Deployable', 'Place', 'Asks', 'Asked by'],
    choice: 0,
    rows: graph.nodes.map((node, index) => ({
      id: rowOfNode(index),
      cells: [
        { content: nameOfKind(node.kind), value: nameOfKind(node.kind) },
        { content: breakable(node.label), value: node.label },
        { content: node.deployable === undefined ? '' : nameOfDeployable(node.deployable) },
        node.place ? place(node.place) : { content: '' },
        names(graph.edges.filter(({ from }) => from === node.id).map(({ to }) => to)),
        countOf(graph.edges.filter(({ to }) => to === node.id).length),
      ],
    })),
  };
}

function countOf(number: number): Cell {
  return { content: number === 0 ? '' : number, value: number };
}
