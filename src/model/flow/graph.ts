/** A place that values reach: a variable, a parameter, a property, an expression, what a function returns. */
export interface Vertex<Value> {
  readonly values: Set<Value>;
  readonly successors: Set<Vertex<Value>>;
  readonly listeners: ((value: Value) => void)[];
}

/**
 * Which values may reach which places. Inclusion constraints, solved as they are added to, so a listener may add
 * constraints for each value that arrives: that is how a call is linked to a callee found only while solving.
 */
export class FlowGraph<Value> {
  readonly #pending: [Vertex<Value>, Value][] = [];

  /** A place with more values than `crowd` is a hub that everything passes through; only what `mustKeep` still enters it. */
  constructor(
    private readonly crowd: number,
    private readonly mustKeep: (value: Value) => boolean,
  ) {}

  vertex(): Vertex<Value> {
    return { values: new Set(), successors: new Set(), listeners: [] };
  }

  add(value: Value, to: Vertex<Value>): void {
    if (to.values.has(value) || (to.values.size >= this.crowd && !this.mustKeep(value))) return;
    to.values.add(value);
    this.#pending.push([to, value]);
  }

  flow(from: Vertex<Value>, to: Vertex<Value>): void {
    if (from === to || from.successors.has(to)) return;
    from.successors.add(to);
    for (const value of from.values) this.add(value, to);
  }

  /** Calls back once for each value that is there or ever arrives. */
  listen(at: Vertex<Value>, listener: (value: Value) => void): void {
    at.listeners.push(listener);
    for (const value of [...at.values]) listener(value);
  }

  solve(): void {
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) {
      const [at, value] = next;
      for (const successor of at.successors) this.add(value, successor);
      for (const listener of at.listeners) listener(value);
    }
  }
}
