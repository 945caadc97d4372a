/** Random choices, reproducible by their seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    for (let warmUp = 0; warmUp < 8; warmUp++) this.#next();
  }

  /** Returns true with a probability of `share` percent. */
  percent(share: number): boolean {
    return this.#next() * 100 < share;
  }

  /** Returns an integer from `min` to `max`, inclusive. */
  between(min: number, max: number): number {
    return min + Math.floor(this.#next() * (max - min + 1));
  }

  /** Returns one of the items, all equally probable. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.between(0, items.length - 1)] ?? items[0];
  }

  /** Returns one of the keys, with a probability proportional to its weight. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][];
    let remaining = this.#next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    const [last] = entries;
    const found = entries.find(([, weight]) => (remaining -= weight) < 0) ?? last;
    if (!found) throw new Error('Found no keys, expected at least one.');
    return found[0];
  }

  /** Returns a number from 0 (inclusive) to 1 (exclusive), by the Mulberry32 generator. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
