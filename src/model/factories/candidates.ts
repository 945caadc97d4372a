/** A production module that constructs clients, with what the decision compares. Files and folders are absolute paths. */
export interface Candidate {
  readonly file: string;
  /** 2: the file is named after ClickHouse, or is the client of a folder that is. 1: a folder is. 0: neither. */
  readonly nameClass: number;
  /** Production modules that use an export which leads to a construction. */
  readonly users: number;
  /** Whether an export gives the client itself. */
  readonly gives: boolean;
  /** The deployable that contains the file. */
  readonly own: string;
  /** The deployables that run its construction. */
  readonly deployables: ReadonlySet<string>;
}

/** The decision for one deployable. */
export type Decision =
  | { readonly kind: 'factory'; readonly winner: Candidate; readonly others: readonly Candidate[] }
  | { readonly kind: 'undecided'; readonly tied: readonly Candidate[]; readonly others: readonly Candidate[] };

/** A candidate with this many times the users of the next one is the factory. */
const margin = 3;

const clickHouseWord = /click-?house|(?:^|[-_.@])ch(?:[-_.A-Z]|$)/i;
const connectionWords = new Set(['client', 'connection', 'database', 'db', 'factory', 'pool', 'manager', 'index']);

/** Returns how clearly the path, relative to the root, says that the module connects to ClickHouse. See `Candidate.nameClass`. */
export function nameClassOf(path: string, packageName: string | undefined): number {
  const [name = '', ...folders] = path.split('/').reverse();
  if (clickHouseWord.test(name)) return 2;
  const isFolderNamed = [packageName ?? '', ...folders].some((folder) => clickHouseWord.test(folder));
  if (!isFolderNamed) return 0;
  const words = wordsOf(name.replace(/\.[^.]+$/, ''));
  return connectionWords.has(words[0] ?? '') || connectionWords.has(words.at(-1) ?? '') ? 2 : 1;
}

/** The words of a name in kebab-case, snake_case, dotted or camelCase form, in lower case. */
function wordsOf(name: string): string[] {
  return name
    .split(/[-_.]|(?<=[a-z])(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
}

/** Returns the candidates by deployable. A module that no other deployable runs competes with every candidate of its own deployable. */
export function groupByDeployable(candidates: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const groups = new Map<string, Set<Candidate>>();
  const add = (deployable: string, candidate: Candidate): void => {
    groups.set(deployable, (groups.get(deployable) ?? new Set()).add(candidate));
  };
  for (const candidate of candidates) for (const deployable of candidate.deployables) add(deployable, candidate);
  for (const { own, deployables } of candidates)
    if ([...deployables].every((deployable) => deployable === own))
      for (const neighbor of candidates) if (neighbor.own === own) add(own, neighbor);
  return new Map([...groups].map(([deployable, group]) => [deployable, [...group]]));
}

/** Decides which of the candidates of a deployable is its factory: by name, then by users; `gives` breaks ties. */
export function decide(candidates: readonly Candidate[]): Decision {
  const ranked = [...candidates].sort(byRank);
  const [winner, ...others] = ranked;
  if (winner === undefined) return { kind: 'undecided', tied: [], others: [] };
  if (others.length === 0) return { kind: 'factory', winner, others };
  const isClear = winner.nameClass === 2 || winner.gives;
  const rivals = others.filter((other) => !isClear || isTooClose(winner, other));
  if (rivals.length === 0) return { kind: 'factory', winner, others };
  return { kind: 'undecided', tied: [winner, ...rivals], others: others.filter((other) => !rivals.includes(other)) };
}

function byRank(a: Candidate, b: Candidate): number {
  return b.nameClass - a.nameClass || b.users - a.users || Number(b.gives) - Number(a.gives) || (a.file < b.file ? -1 : 1);
}

function isTooClose(winner: Candidate, other: Candidate): boolean {
  if (winner.nameClass !== other.nameClass) return isUsedInstead(winner, other);
  if (winner.users === other.users) return winner.gives === other.gives;
  return winner.users < margin * other.users;
}

/** A name alone does not outweigh use: of a module that nothing uses, or of one that keeps its client while many get it from the other. */
function isUsedInstead(winner: Candidate, other: Candidate): boolean {
  if (winner.users === 0) return other.users > 0;
  return !winner.gives && other.gives && other.users >= margin * winner.users;
}
