import { type Markup, markup } from '../markup/markup.js';
import { nameOfDeployable } from './collapse.js';
import { numberHops } from './hops.js';
import { type Layout, type PlacedEdge, type PlacedGroup, type PlacedNode } from './layout.js';
import { type Direction, linkKey, type Point } from './layout-level.js';

/** How to draw a diagram. */
export interface DrawOptions {
  /** Begins the identities in the SVG: they differ between the diagrams of a page. */
  readonly prefix: string;
  /** What the diagram shows, for screen readers. */
  readonly title: string;
  /** Returns the address of a node's details. Without one the node is no link. */
  readonly linkOf: (id: string) => string | undefined;
  /** Whether groups can be opened and closed. */
  readonly isInteractive: boolean;
}

/** Returns a diagram as SVG. Its colours are in the style sheet of the page. */
export function draw({ width, height, direction, nodes, edges, groups }: Layout, options: DrawOptions): Markup {
  const accessors = new Set(nodes.filter(({ node }) => node.kind === 'accessor').map(({ node }) => node.id));
  const hops = numberHops(
    edges.map(({ edge }) => edge),
    (id) => accessors.has(id),
  );
  // What is red is drawn last, above the other edges.
  const ordered = [...edges].sort((a, b) => rank(a) - rank(b));
  return markup`<svg class="diagram-drawing" xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" role="group" aria-label="${options.title}"><defs>${['plain', 'proven', 'possible'].map((kind) => arrow(kind, options))}</defs>${groups.map((group) => drawGroup(group, options))}${ordered.map((edge) => drawEdge(edge, direction, options))}${nodes.map((node) => drawNode(node, options))}${ordered.map((edge) => drawHop(edge, hops))}</svg>`;
}

function rank({ edge }: PlacedEdge): number {
  return edge.recursion === 'proven' ? 2 : edge.recursion === 'possible' ? 1 : 0;
}

function arrow(kind: string, { prefix }: DrawOptions): Markup {
  return markup`<marker id="${prefix}-arrow-${kind}" class="arrow ${kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 1L10 5L0 9z"/></marker>`;
}

function drawGroup({ group, box }: PlacedGroup, { isInteractive }: DrawOptions): Markup {
  const name = group.kind === 'deployable' ? nameOfDeployable(group.deployable) : `${group.members.length} with the same connections`;
  const title = shortened(name, Math.floor((box.width - 50) / 7.3));
  return markup`<g class="group ${group.kind}"><rect x="${r(box.x)}" y="${r(box.y)}" width="${r(box.width)}" height="${r(box.height)}" rx="10"/><text class="group-title" x="${r(box.x + 14)}" y="${r(box.y + 22)}">${title}</text>${isInteractive ? closeButton(name, group.id, box.x + box.width - 30, box.y + 6) : undefined}</g>`;
}

function closeButton(name: string, id: string, x: number, y: number): Markup {
  return markup`<g class="toggle" role="button" tabindex="0" aria-expanded="true" aria-label="Collapse ${name}" data-group="${id}"><title>Collapse ${name}</title><rect x="${r(x)}" y="${r(y)}" width="24" height="24" rx="5"/><path d="M${r(x + 7)} ${r(y + 12)}h10"/></g>`;
}

function drawNode({ node, label, box }: PlacedNode, { linkOf, isInteractive }: DrawOptions): Markup {
  const { x, y, width, height } = box;
  const title = node.members ? `${label.name} ${label.folder ?? label.role}` : (node.place?.file ?? node.label);
  const classes = `node ${node.kind}${node.members ? ' collapsed' : ''}${node.recursion ? ` recursion-${node.recursion}` : ''}`;
  const back = node.members
    ? markup`<rect class="behind" x="${r(x + 5)}" y="${r(y + 5)}" width="${r(width)}" height="${r(height)}" rx="8"/>`
    : undefined;
  const content = markup`<title>${node.members ? `Expand ${title}` : title}</title>${back}<rect class="card" x="${r(x)}" y="${r(y)}" width="${r(width)}" height="${r(height)}" rx="8"/><rect class="stripe" x="${r(x)}" y="${r(y + 8)}" width="4" height="${r(height - 16)}" rx="2"/><text class="role" x="${r(x + 15)}" y="${r(y + 18)}">${label.role}</text><text class="name" x="${r(x + 15)}" y="${r(y + (label.folder === undefined ? 42 : 36))}">${label.name}</text>${label.folder === undefined ? undefined : markup`<text class="folder" x="${r(x + 15)}" y="${r(y + 53)}">${label.folder}</text>`}`;
  if (node.members && isInteractive)
    return markup`<g class="${classes}" role="button" tabindex="0" aria-expanded="false" data-group="${node.id}">${content}<path class="plus" d="M${r(x + width - 20)} ${r(y + 15)}h10m-5 -5v10"/></g>`;
  const link = node.members ? undefined : linkOf(node.id);
  return link === undefined ? markup`<g class="${classes}">${content}</g>` : markup`<a class="${classes}" href="${link}">${content}</a>`;
}

function drawEdge({ edge, points }: PlacedEdge, direction: Direction, { prefix }: DrawOptions): Markup {
  const kind = edge.recursion ?? 'plain';
  return markup`<path class="edge ${kind} ${edge.kind}" d="${curveThrough(points, direction)}" marker-end="url(#${prefix}-arrow-${kind})"/>`;
}

/** The number of a hop, in the middle of its edge. */
function drawHop({ edge, points }: PlacedEdge, hops: ReadonlyMap<string, number>): Markup | undefined {
  const number = hops.get(linkKey(edge.from, edge.to));
  const [first, last] = [points[0], points.at(-1)];
  if (number === undefined || !first || !last) return undefined;
  const middle = points.length > 2 ? points[Math.floor(points.length / 2)] : { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 };
  if (!middle) return undefined;
  return markup`<g class="hop ${edge.recursion}"><rect x="${r(middle.x - 11)}" y="${r(middle.y - 11)}" width="22" height="22" rx="11"/><text x="${r(middle.x)}" y="${r(middle.y + 4)}" text-anchor="middle">${number}</text></g>`;
}

/** A curve through all points. At each it has the direction of the diagram, so that it meets the sides of boxes at right angles. */
function curveThrough(points: readonly Point[], direction: Direction): string {
  const [first, ...others] = points;
  if (!first) return '';
  let last = first;
  const curves = others.map((point) => {
    const [from, middle] = [last, { x: (last.x + point.x) / 2, y: (last.y + point.y) / 2 }];
    last = point;
    return direction === 'wide'
      ? `C${at({ x: middle.x, y: from.y })} ${at({ x: middle.x, y: point.y })} ${at(point)}`
      : `C${at({ x: from.x, y: middle.y })} ${at({ x: point.x, y: middle.y })} ${at(point)}`;
  });
  return `M${at(first)}${curves.join('')}`;
}

function at({ x, y }: Point): string {
  return `${r(x)} ${r(y)}`;
}

/** Rounds to a tenth of a pixel: more would only make the file larger. */
function r(value: number): number {
  return Math.round(value * 10) / 10;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(text.length - Math.max(length, 4) + 1)}`;
}
