import type { AuditGraph } from '../../audit/audit-result.js';
import type { Markup } from '../markup/markup.js';
import { collapse, drawsGroups, groupsOf, type NodeGroup } from './collapse.js';
import { draw, type DrawOptions } from './draw.js';
import { layout } from './layout.js';
import type { Direction } from './layout-level.js';

/** Which groups of a diagram are closed, and in which direction its edges lead. */
export interface DiagramView {
  /** Identities of the closed groups. */
  readonly closed: ReadonlySet<string>;
  readonly direction: Direction;
}

/** Returns a graph as SVG. The page draws it before it is sent, and its script draws it again when a group opens or closes. */
export function drawDiagram(graph: AuditGraph, { closed, direction }: DiagramView, options: DrawOptions): Markup {
  const groups = groupsOf(graph);
  const open = groups.filter((group) => !closed.has(group.id));
  return draw(layout(collapse(graph, closed, groups), boxesOf(graph, open), direction), options);
}

/** The open groups to draw a box around. One deployable alone needs none, and neither do the groups of a small graph. */
function boxesOf(graph: AuditGraph, open: readonly NodeGroup[]): NodeGroup[] {
  const deployables = new Set(graph.nodes.flatMap(({ deployable }) => deployable ?? []));
  return [
    ...open.filter(({ kind }) => kind === 'deployable' && deployables.size > 1),
    ...open.filter(({ kind }) => kind === 'same-neighbours' && drawsGroups(graph)),
  ];
}
