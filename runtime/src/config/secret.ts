/** How `console.log` asks; by its name, since importing `node:util` opens the standard output on Node 22. */
const inspect = Symbol.for('nodejs.util.inspect.custom');
const hidden = '<redacted>';

/** A value that no log, dump or template shows. Only `reveal` gives it away. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  get isEmpty(): boolean {
    return this.#value === '';
  }

  toString(): string {
    return this.isEmpty ? '' : hidden;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect](): string {
    return this.toString();
  }
}

/** Has logs and dumps show this in place of an object of somebody else's that keeps credentials within it. */
export function overrideInspect(name: string, keeper: object): void {
  Object.defineProperties(keeper, { [inspect]: { value: () => `<${name}>` }, toJSON: { value: () => `<${name}>` } });
}
