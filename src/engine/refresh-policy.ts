/** A look at one file or folder on the disk, in milliseconds. */
const statCostMs = 0.003;

/** A look may cost this part of the pause before it. */
const maxShareOfPause = 1 / 100;

/** No look is taken to cost more than this, in milliseconds, so that a pause of three seconds is always long enough. */
const maxCostMs = 30;

/** What costs less than this, in milliseconds, nobody feels once a run; nor, below a tenth of it, at each file. */
const negligibleMs = 2;

export type RefreshScope = 'all' | 'slice';

/** How many files and folders a look is at. */
export type RefreshCost = Readonly<Record<RefreshScope, number>>;

/**
 * When to look at the disk again, and how far. Nobody says when a run begins, but there are signs: a run lints each file once, so
 * a file that comes again is in a new one; and people pause between two runs. Then the files that matter are looked at, and all
 * where that is cheap, in itself or beside the pause. A small project is looked at for each file.
 */
export class RefreshPolicy {
  readonly #asked = new Set<string>();
  #file: string | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #pause = Number.POSITIVE_INFINITY;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How far to look before a rule is asked about a file, if at all. */
  scopeFor(rule: string, file: string, reach: RefreshCost): RefreshScope | undefined {
    const queryKey = `${rule}\0${file}`;
    const isAgain = this.#asked.has(queryKey);
    if (isAgain) this.#asked.clear();
    this.#asked.add(queryKey);
    const isNext = isAgain || file !== this.#file;
    this.#file = file;
    this.#pause = this.now() - this.#answeredAt;
    const affordable = this.#pause * maxShareOfPause;
    const cost = (scope: RefreshScope): number => Math.min(reach[scope] * statCostMs, maxCostMs);
    if (cost('all') < Math.max(affordable, isAgain ? negligibleMs : 0, isNext ? negligibleMs / 10 : 0)) return 'all';
    return isAgain || cost('slice') < affordable ? 'slice' : undefined;
  }

  /** How long nobody had asked anything when somebody last asked, in milliseconds. */
  get pause(): number {
    return this.#pause;
  }

  /** From here on whatever passes is a pause. */
  markAnswered(): void {
    this.#answeredAt = this.now();
  }
}
