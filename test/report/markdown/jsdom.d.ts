// The published types need the DOM library, whose globals would replace those of Node.js in all files.
declare module 'jsdom' {
  export interface DomNode {
    readonly textContent: string | null;
    getAttribute(name: string): string | null;
    querySelector(selector: string): DomNode | null;
    querySelectorAll(selector: string): Iterable<DomNode>;
  }
  export class JSDOM {
    constructor(html?: string, options?: { readonly pretendToBeVisual?: boolean; readonly contentType?: string });
    readonly window: {
      readonly document: DomNode & { readonly body: DomNode };
      readonly CSSStyleSheet: unknown;
      readonly SVGElement: { readonly prototype: object };
    };
  }
}
