import { type DomNode, JSDOM } from 'jsdom';

/** Draws a diagram as the Mermaid of a browser does and returns the SVG. Rejects if Mermaid cannot read or draw it. */
export async function draw(diagram: string): Promise<DomNode> {
  const mermaid = await loadMermaid();
  const { svg } = await mermaid.render(`drawing-${++drawings}`, diagram);
  return new JSDOM(svg).window.document.body;
}

let drawings = 0;
let loaded: ReturnType<typeof load> | undefined;

function loadMermaid(): ReturnType<typeof load> {
  return (loaded ??= load());
}

/** Mermaid needs the globals of a browser when it is loaded. */
async function load() {
  const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
  // jsdom has no layout: each text has the size of its letters.
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: DomNode) {
      return { x: 0, y: 0, width: 8 * (this.textContent ?? '').length, height: 16 };
    },
    getComputedTextLength(this: DomNode) {
      return 8 * (this.textContent ?? '').length;
    },
  });
  Object.assign(globalThis, { window, document: window.document, CSSStyleSheet: window.CSSStyleSheet });
  const { default: mermaid } = await import('mermaid');
  // The settings of GitHub and GitLab.
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
  return mermaid;
}

/** Returns the diagrams of a Markdown text. */
export function diagramsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```mermaid\n(.*?)^```$/gms)].map(([, diagram = '']) => diagram);
}
