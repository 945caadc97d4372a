import type { Decision } from './candidates.js';

/** The verdict on a module that constructs clients. */
export type ModuleVerdict =
  /** Clients are made here. `deployables` are the folders of the programs for which the module won; empty if it is the only one. */
  | { readonly kind: 'factory'; readonly reason: FactoryReason; readonly deployables: readonly string[] }
  /** It makes a further client of a deployable; `factories` are those of its deployables. Empty if the runtime makes the clients. `takesCredentials`: each construction in it connects with what its caller passes. */
  | { readonly kind: 'second'; readonly factories: readonly string[]; readonly takesCredentials: boolean }
  /** It runs once or by hand. `factories` are the nearest ones; empty if only scripts construct clients. */
  | { readonly kind: 'script'; readonly factories: readonly string[] }
  /** The code does not show which of the candidates is the factory. The module itself need not be one. */
  | { readonly kind: 'undecided'; readonly candidates: readonly string[] }
  | { readonly kind: 'test' | 'example' | 'vendored' };

/** Why a module was taken for the factory. */
export type FactoryReason = 'declared' | 'only-module' | 'only-in-deployable' | 'name' | 'users' | 'gives';

/** The decision on the factory of a deployable. */
export interface DeployableDecision {
  readonly deployable: string;
  readonly decision: Decision;
}

/** If one of the tied candidates is the factory of another deployable, it is the factory of this one as well. */
export function settle(decision: Decision, winners: ReadonlySet<string>): Decision {
  if (decision.kind === 'factory') return decision;
  const [winner, ...more] = decision.tied.filter(({ file }) => winners.has(file));
  if (winner === undefined || more.length > 0) return decision;
  return { kind: 'factory', winner, others: [...decision.tied, ...decision.others].filter((candidate) => candidate !== winner) };
}

/** Returns the verdict on a module by the decisions on its deployables; undefined if it lost in each of them. */
export function verdictOn(file: string, decisions: readonly DeployableDecision[]): ModuleVerdict | undefined {
  const won = decisions.filter(({ decision }) => decision.kind === 'factory' && decision.winner.file === file);
  if (won.length > 0) return { kind: 'factory', reason: reasonOf(won), deployables: won.map(({ deployable }) => deployable).sort() };
  const tied = undecidedGroups(decisions).find(({ members }) => members.has(file))?.tied;
  if (tied) return { kind: 'undecided', candidates: [...tied].sort() };
  return undefined;
}

interface UndecidedGroup {
  readonly members: Set<string>;
  readonly tied: Set<string>;
}

/** Joins the undecided deployables that share a module: one choice decides them all. */
function undecidedGroups(decisions: readonly DeployableDecision[]): UndecidedGroup[] {
  const groups: UndecidedGroup[] = [];
  for (const { decision } of decisions) {
    if (decision.kind !== 'undecided') continue;
    const group = {
      tied: new Set(decision.tied.map(({ file }) => file)),
      members: new Set([...decision.tied, ...decision.others].map(({ file }) => file)),
    };
    for (const other of groups.filter(({ members }) => [...members].some((file) => group.members.has(file)))) {
      for (const file of other.members) group.members.add(file);
      for (const file of other.tied) group.tied.add(file);
      groups.splice(groups.indexOf(other), 1);
    }
    groups.push(group);
  }
  return groups;
}

/** Returns the factories of the deployables in which the module lost. */
export function winnersOver(file: string, decisions: readonly DeployableDecision[]): string[] {
  return [
    ...new Set(
      decisions.flatMap(({ decision }) =>
        decision.kind === 'factory' && decision.others.some((other) => other.file === file) ? [decision.winner.file] : [],
      ),
    ),
  ];
}

function reasonOf(won: readonly DeployableDecision[]): FactoryReason {
  const [contested] = won.flatMap(({ decision }) => (decision.kind === 'factory' && decision.others.length > 0 ? [decision] : []));
  const [next] = contested?.others ?? [];
  if (!contested || !next) return 'only-in-deployable';
  const { winner } = contested;
  if (winner.nameClass !== next.nameClass) return 'name';
  return winner.users === next.users ? 'gives' : 'users';
}
