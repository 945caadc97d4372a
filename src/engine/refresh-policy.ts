/** The cost of one `stat` of a file or folder, in milliseconds. */
const statCostMs = 0.003;

/** Share of the pause before a query that a refresh may cost. */
const maxShareOfPause = 1 / 100;

/** Upper bound of the assumed cost of a refresh, in milliseconds: after a pause of three seconds, each refresh is affordable. */
const maxCostMs = 30;

/** A refresh cheaper than this, in milliseconds, runs once per lint run; one cheaper than a tenth of it runs before each file. */
const negligibleMs = 2;

/** What a refresh reads: all files, or those of the slice. Both include the settings and all folders. */
export type RefreshScope = 'all' | 'slice';

/** The cost of a refresh of each scope: the number of files and folders to stat. */
export type RefreshCost = Readonly<Record<RefreshScope, number>>;

/**
 * Decides before each query whether to read the disk again, and how much of it. Linters do not announce a run, but a run lints each file
 * once: a second lint of the same file starts a new run. Users pause between two runs, and a long pause makes a refresh affordable.
 * `ProjectAnalyses` keeps one for each root.
 */
export class RefreshPolicy {
  /** The (rule, file) pairs of the current run. */
  readonly #queried = new Set<string>();
  #file: string | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #pauseMs = Number.POSITIVE_INFINITY;

  /** `now` is a clock in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Returns the scope of the refresh before a rule is queried for a file; undefined for no refresh. */
  scopeFor(rule: string, file: string, refreshCost: RefreshCost): RefreshScope | undefined {
    const queryKey = `${rule}\0${file}`;
    const isNewRun = this.#queried.has(queryKey);
    if (isNewRun) this.#queried.clear();
    this.#queried.add(queryKey);
    const isNewFile = isNewRun || file !== this.#file;
    this.#file = file;
    this.#pauseMs = this.now() - this.#answeredAt;
    const affordableMs = this.#pauseMs * maxShareOfPause;
    const costMs = (scope: RefreshScope): number => Math.min(refreshCost[scope] * statCostMs, maxCostMs);
    if (costMs('all') < Math.max(affordableMs, isNewRun ? negligibleMs : 0, isNewFile ? negligibleMs / 10 : 0)) return 'all';
    return isNewRun || costMs('slice') < affordableMs ? 'slice' : undefined;
  }

  /** Time between the last answer and the last query, in milliseconds. Infinity at the first query. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** Marks the end of a query: a pause begins. */
  markAnswered(): void {
    this.#answeredAt = this.now();
  }
}
