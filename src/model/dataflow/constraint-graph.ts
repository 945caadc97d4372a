const emptySet: ReadonlySet<never> = new Set();

/** Changes or drops a value on its way to a successor. */
export type ValueMap<Value> = (value: Value) => Value | undefined;

interface MappedEdge<Value> {
  readonly to: ConstraintNode<Value>;
  readonly map: ValueMap<Value>;
}

/** A node with its values, its successors and its listeners. */
export class ConstraintNode<Value> {
  // Created on demand, because most nodes of a program stay empty.
  #values: Set<Value> | undefined;
  #successors: Set<ConstraintNode<Value>> | undefined;
  #mapped: MappedEdge<Value>[] | undefined;
  #listeners: ((value: Value) => void)[] | undefined;
  /** Values beyond the common limit that the node accepts. */
  extraValues = 0;

  /** All values that have reached the node. */
  get values(): ReadonlySet<Value> {
    return this.#values ?? emptySet;
  }

  /** The nodes that include all values of this node. */
  get successors(): ReadonlySet<ConstraintNode<Value>> {
    return this.#successors ?? emptySet;
  }

  /** The nodes that include the mapped values of this node. */
  get mapped(): readonly MappedEdge<Value>[] {
    return this.#mapped ?? [];
  }

  /** The functions that `ConstraintGraph.solve` calls for each new value. */
  get listeners(): readonly ((value: Value) => void)[] {
    return this.#listeners ?? [];
  }

  addValue(value: Value): void {
    (this.#values ??= new Set()).add(value);
  }

  addSuccessor(successor: ConstraintNode<Value>): void {
    (this.#successors ??= new Set()).add(successor);
  }

  addMapped(edge: MappedEdge<Value>): void {
    (this.#mapped ??= []).push(edge);
  }

  addListener(listener: (value: Value) => void): void {
    (this.#listeners ??= []).push(listener);
  }
}

/**
 * Solves inclusion constraints between nodes. A listener may add constraints while they are solved, because a callee is often found only
 * then. Created by `FlowNodes`.
 */
export class ConstraintGraph<Value> {
  readonly #pending: [ConstraintNode<Value>, Value][] = [];

  /**
   * A node with `maxValues` values is a hub, and accepts only further values that are exempt from the limit. A node that receives the
   * elements of a long list accepts as many more.
   */
  constructor(
    private readonly maxValues: number,
    private readonly isExempt: (value: Value) => boolean,
  ) {}

  /** Returns a new node without values. */
  createNode(): ConstraintNode<Value> {
    return new ConstraintNode();
  }

  /** Adds a value to a node; `solve` propagates it. */
  addValue(value: Value, to: ConstraintNode<Value>): void {
    if (to.values.has(value) || (to.values.size >= this.maxValues + to.extraValues && !this.isExempt(value))) return;
    to.addValue(value);
    this.#pending.push([to, value]);
  }

  /** Adds a constraint: `to` includes all values of `from`. */
  addEdge(from: ConstraintNode<Value>, to: ConstraintNode<Value>): void {
    if (from === to || from.successors.has(to)) return;
    from.addSuccessor(to);
    this.allowExtra(to, from.extraValues);
    for (const value of from.values) this.addValue(value, to);
  }

  /** Adds a constraint: `to` includes all values of `from` as `map` changes them, without those for which it returns undefined. */
  addMappedEdge(from: ConstraintNode<Value>, to: ConstraintNode<Value>, map: ValueMap<Value>): void {
    const edge = { to, map };
    from.addMapped(edge);
    this.allowExtra(to, from.extraValues);
    for (const value of [...from.values]) this.#addMapped(value, edge);
  }

  #addMapped(value: Value, { to, map }: MappedEdge<Value>): void {
    const mapped = map(value);
    if (mapped !== undefined) this.addValue(mapped, to);
  }

  /** Raises the limit of a node, and of the nodes that include its values, by the number of elements of a list. */
  allowExtra(node: ConstraintNode<Value>, count: number): void {
    const raised = [node];
    for (const next of raised) {
      if (next.extraValues >= count) continue;
      next.extraValues = count;
      raised.push(...next.successors, ...next.mapped.map(({ to }) => to));
    }
  }

  /** Calls the listener once for each present and each later value of the node. */
  addListener(node: ConstraintNode<Value>, listener: (value: Value) => void): void {
    node.addListener(listener);
    for (const value of [...node.values]) listener(value);
  }

  /** Propagates all pending values. */
  solve(): void {
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) {
      const [node, value] = next;
      for (const successor of node.successors) this.addValue(value, successor);
      for (const edge of node.mapped) this.#addMapped(value, edge);
      for (const listener of node.listeners) listener(value);
    }
  }
}
