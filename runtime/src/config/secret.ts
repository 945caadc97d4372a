/** The key of Node's custom inspection. Importing `node:util` for it would open the standard output on Node 22. */
const inspect = Symbol.for('nodejs.util.inspect.custom');
const hidden = '<redacted>';

/** A secret that logs, dumps, templates and JSON show as `<redacted>`, or as an empty string if it is empty. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Returns the secret in clear text. */
  reveal(): string {
    return this.#value;
  }

  /** Whether the secret is an empty string. */
  get isEmpty(): boolean {
    return this.#value === '';
  }

  /** Returns `<redacted>`, or an empty string if the secret is empty. */
  toString(): string {
    return this.isEmpty ? '' : hidden;
  }

  /** Returns the same as `toString()`. */
  toJSON(): string {
    return this.toString();
  }

  [inspect](): string {
    return this.toString();
  }
}

/** Makes logs, dumps and JSON show `<name>` in place of the target. For objects of the official client, which contain credentials. */
export function overrideInspect(name: string, target: object): void {
  inspectOverride(name)(target);
}

/** Returns a function that does the same to each of many targets, at a lower cost. */
export function inspectOverride(name: string): (target: object) => void {
  const descriptor = { value: () => `<${name}>` };
  return (target) => {
    Object.defineProperty(target, inspect, descriptor);
    Object.defineProperty(target, 'toJSON', descriptor);
  };
}
