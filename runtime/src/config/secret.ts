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
  Object.defineProperties(target, { [inspect]: { value: () => `<${name}>` }, toJSON: { value: () => `<${name}>` } });
}
