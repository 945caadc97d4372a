import type { ts as TS } from 'ts-morph';

/** Steps of one search whose answers cannot be kept, at most: a search that takes more ends with what is unknown. */
const maxSteps = 4000;

/** The answers of one kind of question. */
export class AnswerTable<Answer> {
  readonly final = new Map<TS.Node, Answer>();
  /** Answers from inside a cycle, which lack what the start of the cycle adds. They are valid as parts of the running search. */
  readonly provisional = new Map<TS.Node, Answer>();
  readonly open = new Map<TS.Node, number>();

  constructor(
    /** The answer to a question that is being answered. */
    readonly inCycle: Answer,
    /** The answer if the search takes too many steps. */
    readonly unknown: Answer,
  ) {}
}

/** Keeps the answers of questions that ask each other, and ends cycles among them. */
export class SearchMemo {
  readonly #tables: readonly { readonly provisional: Map<TS.Node, unknown> }[];
  #depth = 0;
  #steps = 0;
  /** The outermost open question that an answer depended on. */
  #lowest = Infinity;

  constructor(tables: readonly { readonly provisional: Map<TS.Node, unknown> }[]) {
    this.#tables = tables;
  }

  /** Answers a question about a node. `isKept`: the answer depends on the node alone. */
  answer<Answer>(table: AnswerTable<Answer>, node: TS.Node, isKept: boolean, read: () => Answer): Answer {
    const known = isKept ? table.final.get(node) : undefined;
    if (known !== undefined) return known;
    const partial = isKept ? table.provisional.get(node) : undefined;
    if (partial !== undefined) {
      this.#lowest = 0;
      return partial;
    }
    const open = table.open.get(node);
    if (open !== undefined) {
      this.#lowest = Math.min(this.#lowest, open);
      return table.inCycle;
    }
    if (++this.#steps > maxSteps) {
      this.#lowest = -1;
      return table.unknown;
    }
    const index = this.#depth++;
    const before = this.#lowest;
    this.#lowest = Infinity;
    table.open.set(node, index);
    const found = read();
    table.open.delete(node);
    this.#depth--;
    const isComplete = this.#lowest >= index;
    if (isKept) (isComplete ? table.final : table.provisional).set(node, found);
    this.#lowest = isComplete ? before : Math.min(before, this.#lowest);
    if (this.#depth === 0) this.#end();
    return found;
  }

  #end(): void {
    this.#steps = 0;
    this.#lowest = Infinity;
    for (const { provisional } of this.#tables) provisional.clear();
  }
}
