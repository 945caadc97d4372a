/** Strongly connected components (Tarjan, without recursion): nodes of the same component can reach one another. */
export function componentsOf<Node>(nodes: Iterable<Node>, successors: (node: Node) => Iterable<Node>): Node[][] {
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const onStack = new Set<Node>();
  const stack: Node[] = [];
  const components: Node[][] = [];

  const enter = (node: Node) => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    onStack.add(node);
    return { node, rest: successors(node)[Symbol.iterator]() };
  };
  const lower = (node: Node, bound: number | undefined) => low.set(node, Math.min(low.get(node) ?? 0, bound ?? 0));

  for (const root of nodes) {
    if (index.has(root)) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const { node, rest } = frame;
      const next = rest.next();
      if (!next.done) {
        if (!index.has(next.value)) frames.push(enter(next.value));
        else if (onStack.has(next.value)) lower(node, index.get(next.value));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent) lower(parent.node, low.get(node));
      if (low.get(node) !== index.get(node)) continue;
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

/** The shortest way from one of the starts to a node that `isGoal`, as the edges taken; undefined if there is none. */
export function shortestPath<Node, Edge>(
  starts: Iterable<Node>,
  edges: (node: Node) => Iterable<{ readonly edge: Edge; readonly to: Node }>,
  isGoal: (node: Node) => boolean,
): Edge[] | undefined {
  const cameBy = new Map<Node, { readonly edge: Edge; readonly from: Node } | undefined>();
  const queue: Node[] = [];
  for (const start of starts) {
    cameBy.set(start, undefined);
    queue.push(start);
  }
  // An array may grow while it is read: that is the queue.
  for (const node of queue) {
    if (isGoal(node)) return wayTo(node, cameBy);
    for (const { edge, to } of edges(node)) {
      if (cameBy.has(to)) continue;
      cameBy.set(to, { edge, from: node });
      queue.push(to);
    }
  }
  return undefined;
}

function wayTo<Node, Edge>(goal: Node, cameBy: ReadonlyMap<Node, { readonly edge: Edge; readonly from: Node } | undefined>): Edge[] {
  const way: Edge[] = [];
  for (let step = cameBy.get(goal); step; step = cameBy.get(step.from)) way.push(step.edge);
  return way.reverse();
}
