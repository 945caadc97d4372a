const nothing: ReadonlySet<never> = new Set();

/** A place that values reach: a variable, a parameter, a property, an expression, what a function returns. */
export class ConstraintNode<Value> {
  // Few of a program's many places ever hold anything, so what stays empty is never made.
  #values: Set<Value> | undefined;
  #successors: Set<ConstraintNode<Value>> | undefined;
  #listeners: ((value: Value) => void)[] | undefined;

  get values(): ReadonlySet<Value> {
    return this.#values ?? nothing;
  }

  get successors(): ReadonlySet<ConstraintNode<Value>> {
    return this.#successors ?? nothing;
  }

  get listeners(): readonly ((value: Value) => void)[] {
    return this.#listeners ?? [];
  }

  addValue(value: Value): void {
    (this.#values ??= new Set()).add(value);
  }

  addSuccessor(successor: ConstraintNode<Value>): void {
    (this.#successors ??= new Set()).add(successor);
  }

  addListener(listener: (value: Value) => void): void {
    (this.#listeners ??= []).push(listener);
  }
}

/**
 * Which values may reach which places. Inclusion constraints, solved as they are added to, so a listener may add
 * constraints for each value that arrives: that is how a call is linked to a callee found only while solving.
 */
export class ConstraintGraph<Value> {
  readonly #pending: [ConstraintNode<Value>, Value][] = [];

  /** A place with more values than `crowd` is a hub that everything passes through; only what `mustKeep` still enters it. */
  constructor(
    private readonly maxValues: number,
    private readonly mustKeep: (value: Value) => boolean,
  ) {}

  node(): ConstraintNode<Value> {
    return new ConstraintNode();
  }

  add(value: Value, to: ConstraintNode<Value>): void {
    if (to.values.has(value) || (to.values.size >= this.maxValues && !this.mustKeep(value))) return;
    to.addValue(value);
    this.#pending.push([to, value]);
  }

  flow(from: ConstraintNode<Value>, to: ConstraintNode<Value>): void {
    if (from === to || from.successors.has(to)) return;
    from.addSuccessor(to);
    for (const value of from.values) this.add(value, to);
  }

  /** Calls back once for each value that is there or ever arrives. */
  listen(at: ConstraintNode<Value>, listener: (value: Value) => void): void {
    at.addListener(listener);
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
