/** Returns the strongly connected components (iterative Tarjan algorithm). Called by `cycleNeighborhood` and `findRecursions`. */
export function componentsOf<Node>(nodes: Iterable<Node>, successors: (node: Node) => Iterable<Node>): Node[][] {
  const index = new Map<Node, number>();
  const lowLinks = new Map<Node, number>();
  const onStack = new Set<Node>();
  const stack: Node[] = [];
  const components: Node[][] = [];

  const enter = (node: Node) => {
    index.set(node, index.size);
    lowLinks.set(node, index.get(node) ?? 0);
    stack.push(node);
    onStack.add(node);
    return { node, iterator: successors(node)[Symbol.iterator]() };
  };
  const updateLowLink = (node: Node, bound: number | undefined) => lowLinks.set(node, Math.min(lowLinks.get(node) ?? 0, bound ?? 0));

  for (const root of nodes) {
    if (index.has(root)) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const { node, iterator } = frame;
      const next = iterator.next();
      if (!next.done) {
        if (!index.has(next.value)) frames.push(enter(next.value));
        else if (onStack.has(next.value)) updateLowLink(node, index.get(next.value));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent) updateLowLink(parent.node, lowLinks.get(node));
      if (lowLinks.get(node) !== index.get(node)) continue;
      const component: Node[] = [];
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack.delete(member);
        component.push(member);
        if (member === node) break;
      }
      components.push(component);
    }
  }
  return components;
}

/** Returns the edges of a shortest path from one of the starts to a node that `isGoal` accepts; undefined if there is none. */
export function shortestPath<Node, Edge>(
  starts: Iterable<Node>,
  edges: (node: Node) => Iterable<{ readonly edge: Edge; readonly to: Node }>,
  isGoal: (node: Node) => boolean,
): Edge[] | undefined {
  const predecessors = new Map<Node, { readonly edge: Edge; readonly from: Node } | undefined>();
  const queue: Node[] = [];
  for (const start of starts) {
    predecessors.set(start, undefined);
    queue.push(start);
  }
  // The loop also visits nodes that it appends: the array is the queue.
  for (const node of queue) {
    if (isGoal(node)) return pathTo(node, predecessors);
    for (const { edge, to } of edges(node)) {
      if (predecessors.has(to)) continue;
      predecessors.set(to, { edge, from: node });
      queue.push(to);
    }
  }
  return undefined;
}

function pathTo<Node, Edge>(goal: Node, predecessors: ReadonlyMap<Node, { readonly edge: Edge; readonly from: Node } | undefined>): Edge[] {
  const path: Edge[] = [];
  for (let step = predecessors.get(goal); step; step = predecessors.get(step.from)) path.push(step.edge);
  return path.reverse();
}
