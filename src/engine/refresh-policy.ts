/** A look at one file or folder on the disk, in milliseconds. */
const costOfOne = 0.003;

/** A look may cost this part of the pause before it. */
const share = 1 / 100;

/** No look is taken to cost more than this, in milliseconds, so that a pause of three seconds is always long enough. */
const longest = 30;

/** What costs less than this, in milliseconds, nobody feels once a run; nor, below a tenth of it, at each file. */
const unfelt = 2;

export type HowFar = 'everywhere' | 'where it matters';

/** How many files and folders a look is at. */
export type Reach = Readonly<Record<HowFar, number>>;

/**
 * When to look at the disk again, and how far. Nobody says when a run begins, but there are signs: a run lints each file once, so
 * a file that comes again is in a new one; and people pause between two runs. Then the files that matter are looked at, and all
 * where that is cheap, in itself or beside the pause. A small project is looked at for each file.
 */
export class Freshness {
  readonly #asked = new Set<string>();
  #file: string | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #pause = Number.POSITIVE_INFINITY;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How far to look before a rule is asked about a file, if at all. */
  ask(rule: string, file: string, reach: Reach): HowFar | undefined {
    const question = `${rule}\0${file}`;
    const isAgain = this.#asked.has(question);
    if (isAgain) this.#asked.clear();
    this.#asked.add(question);
    const isNext = isAgain || file !== this.#file;
    this.#file = file;
    this.#pause = this.now() - this.#answeredAt;
    const affordable = this.#pause * share;
    const cost = (howFar: HowFar): number => Math.min(reach[howFar] * costOfOne, longest);
    if (cost('everywhere') < Math.max(affordable, isAgain ? unfelt : 0, isNext ? unfelt / 10 : 0)) return 'everywhere';
    return isAgain || cost('where it matters') < affordable ? 'where it matters' : undefined;
  }

  /** How long nobody had asked anything when somebody last asked, in milliseconds. */
  get pause(): number {
    return this.#pause;
  }

  /** From here on whatever passes is a pause. */
  answered(): void {
    this.#answeredAt = this.now();
  }
}
