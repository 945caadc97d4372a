import type { AuditGraph } from '../../../audit/audit-result.js';
import { groupsOf, groupsToClose } from '../../diagram/collapse.js';
import { drawDiagram } from '../../diagram/diagram.js';
import { button, element } from './elements.js';
import { addPanning, type Zoom, zoomOf } from './zoom.js';

interface PageDiagram {
  readonly id: string;
  readonly title: string;
  readonly graph: AuditGraph;
  readonly rows: Readonly<Record<string, string>>;
}

/** Below this width of a diagram its edges lead down. */
const narrow = 640;

/** Draws each diagram again, so that its groups open and close, and adds buttons for zoom. */
export function mountDiagrams(): void {
  const data = document.getElementById('diagrams')?.textContent;
  if (data === undefined) return;
  const diagrams = JSON.parse(data) as readonly PageDiagram[];
  for (const diagram of diagrams) mount(diagram);
}

function mount({ id, title, graph, rows }: PageDiagram): void {
  const figure = document.getElementById(id);
  const viewport = figure?.querySelector<HTMLElement>('.viewport');
  if (!figure || !viewport) return;
  const groups = groupsOf(graph);
  // A closed group must not hide a recursion, unless a reader closes it.
  const closable = groups.filter(({ recursion }) => recursion === undefined);
  let closed: ReadonlySet<string> = groupsToClose(graph, groups);
  const zoom = zoomOf(viewport);
  addPanning(viewport, zoom);

  function render(): void {
    const direction = viewport && viewport.clientWidth < narrow ? 'tall' : 'wide';
    const linkOf = (node: string): string | undefined => (rows[node] === undefined ? undefined : `#${rows[node]}`);
    const drawing = drawDiagram(graph, { closed, direction }, { prefix: id, title, isInteractive: true, linkOf });
    // Each text of the code in it is escaped.
    if (viewport) viewport.innerHTML = drawing.text;
    zoom.update();
  }

  function toggle(group: string): void {
    const wasClosed = closed.has(group);
    closed = new Set(wasClosed ? [...closed].filter((other) => other !== group) : [...closed, group]);
    render();
    const again = viewport?.querySelector<SVGElement>(`[data-group="${CSS.escape(group)}"]`);
    again?.focus({ preventScroll: true });
    again?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  const groupOf = (event: Event): string | undefined =>
    event.target instanceof Element ? event.target.closest<SVGElement>('[data-group]')?.dataset['group'] : undefined;
  viewport.addEventListener('click', (event) => {
    const group = groupOf(event);
    if (group !== undefined) toggle(group);
  });
  viewport.addEventListener('keydown', (event) => {
    const group = groupOf(event);
    if (group === undefined || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    toggle(group);
  });

  figure.prepend(
    toolbar(title, zoom, closable.length > 0, (all) => {
      closed = all === 'open' ? new Set() : new Set(closable.map((group) => group.id));
      render();
      zoom.fit();
    }),
  );
  render();
  zoom.fit();
  let width = viewport.clientWidth;
  new ResizeObserver(() => {
    if (viewport.clientWidth === width) return;
    const isOther = viewport.clientWidth < narrow !== width < narrow;
    width = viewport.clientWidth;
    if (!isOther) return;
    render();
    zoom.fit();
  }).observe(viewport);
}

function toolbar(title: string, zoom: Zoom, hasGroups: boolean, change: (all: 'open' | 'closed') => void): HTMLElement {
  const bar = element('div', '', { class: 'toolbar', role: 'group', 'aria-label': `Controls: ${title}` });
  bar.append(
    button('−', 'Zoom out', () => zoom.by(1 / 1.25)),
    button('+', 'Zoom in', () => zoom.by(1.25)),
    button('Fit', 'Fit the diagram', zoom.fit),
    button('100%', '100%', zoom.reset),
  );
  if (hasGroups)
    bar.append(
      button('Expand all', 'Expand all', () => change('open')),
      button('Collapse all', 'Collapse all', () => change('closed')),
    );
  bar.append(element('p', 'Drag to move. Ctrl and wheel, or + and −, to zoom.', { class: 'hint' }));
  return bar;
}
