/** What the diagram uses of dagre. The declarations of the package import files without an extension, which ES modules do not find. */
declare module '@dagrejs/dagre' {
  export interface GraphLabel {
    readonly rankdir: 'LR' | 'TB';
    readonly ranksep: number;
    readonly nodesep: number;
    readonly edgesep: number;
    width?: number;
    height?: number;
  }

  export interface NodeLabel {
    width: number;
    height: number;
    x?: number;
    y?: number;
  }

  export interface EdgeLabel {
    width?: number;
    height?: number;
    labelpos?: 'c';
    weight?: number;
    points?: { readonly x: number; readonly y: number }[];
  }

  export class Graph {
    setGraph(label: GraphLabel): this;
    graph(): GraphLabel;
    setNode(id: string, label: NodeLabel): this;
    node(id: string): NodeLabel;
    setEdge(from: string, to: string, label: EdgeLabel): this;
    edge(from: string, to: string): EdgeLabel;
  }

  export function layout(graph: Graph): Graph;
}
