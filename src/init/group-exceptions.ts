import { posix } from 'node:path';
import type { AuditPlace } from '../audit/audit-result.js';
import type { SanctionEntry } from '../edits/edit-settings.js';

/** A place that breaks a rule. */
export interface BrokenRule extends AuditPlace {
  /** Name of the rule, without the prefix `clickhouse-ssot/`. */
  readonly rule: string;
}

/** Places that one reason covers: the same kind, in files of the same folder. */
export interface ExceptionGroup {
  /** A description of the places for a question: `2 findings of no-direct-client in scripts`. */
  readonly title: string;
  /** Whether a process may never return from these places. */
  readonly isHarmful: boolean;
  /** The entries of `sanctioned`, without their reason: one for each file; one for the folder if there are many. */
  readonly entries: readonly Omit<SanctionEntry, 'reason'>[];
  readonly places: readonly BrokenRule[];
  /** An honest reason: what is known, and that it is not reviewed. */
  readonly proposedReason: string;
}

/** More files of one folder become one entry for the folder. */
const maxFilesOfGroup = 10;

/** The path of a file always matches itself; the folder of such a name, as `(group)`, need not match its files. */
const globCharacters = /[[\](){}!*?+@]/;

/**
 * Groups places for exceptions, as narrow as is readable. Those that can stop a process come first.
 *
 * @param undecided The modules among which the code does not show the factory.
 */
export function groupExceptions(places: readonly BrokenRule[], undecided: ReadonlySet<string>): ExceptionGroup[] {
  const groups = groupBy(places, (place) => {
    const kind = kindOf(place, undecided);
    return JSON.stringify(kind === 'undecided' ? [kind] : [kind, posix.dirname(place.file)]);
  });
  return [...groups.values()].map((group) => describeGroup(group, undecided)).sort((a, b) => Number(b.isHarmful) - Number(a.isHarmful));
}

type Kind = 'undecided' | 'harmful' | 'import-cycle' | 'test' | 'script' | 'client' | 'other';

const harmful = new Set(['no-connection-recursion', 'no-possible-connection-recursion', 'require-manager-bypass', 'no-nested-acquire']);

function kindOf({ rule, file }: BrokenRule, undecided: ReadonlySet<string>): Kind {
  if (harmful.has(rule)) return 'harmful';
  if (rule === 'no-connection-import-cycle') return 'import-cycle';
  if (rule !== 'no-direct-client') return 'other';
  if (undecided.has(file)) return 'undecided';
  if (/(?:^|\/)(?:tests?|__tests__|e2e|fixtures|test-utils|testcontainers)\/|\.(?:test|spec)\./.test(file)) return 'test';
  return /(?:^|\/)(?:scripts?|migrations?|migrate|tools|tasks|benchmarks?|seeds?)(?:\/|\.)/.test(file) ? 'script' : 'client';
}

const subjects: Readonly<Record<Kind, string>> = {
  undecided: 'The code did not show which module is the factory',
  harmful: 'A call path that may never return existed',
  'import-cycle': 'This import cycle existed',
  test: 'This test existed',
  script: 'This script existed',
  client: 'This client construction existed',
  other: 'This finding existed',
};

function describeGroup(places: readonly BrokenRule[], undecided: ReadonlySet<string>): ExceptionGroup {
  const files = groupBy(places, ({ file }) => file);
  const names = [...files.keys()].sort();
  const [first = ''] = names;
  const kind = places[0] ? kindOf(places[0], undecided) : 'other';
  const rules = [...new Set(places.map(({ rule }) => rule))].sort();
  const folder = posix.dirname(first);
  const isFolder = names.length > maxFilesOfGroup && folder !== '.' && kind !== 'undecided' && !globCharacters.test(folder);
  const where = names.length === 1 ? first : kind === 'undecided' ? `${names.length} files` : `${names.length} files of ${folder}`;
  return {
    title: `${places.length === 1 ? '1 finding' : `${places.length} findings`} of ${rules.join(', ')} in ${where}`,
    isHarmful: kind === 'harmful',
    entries: isFolder ? [{ path: folder, rules }] : names.flatMap((path) => entriesOf(path, files.get(path) ?? [])),
    places,
    proposedReason: `${subjects[kind]} when clickhouse-ssot was introduced. Not reviewed yet.`,
  };
}

/** The entries of one file: one for all rules with the same number of findings, because a count holds for each rule. */
function entriesOf(path: string, places: readonly BrokenRule[]): Omit<SanctionEntry, 'reason'>[] {
  const byRule = [...groupBy(places, ({ rule }) => rule)].map(([rule, ofRule]) => ({ rule, count: ofRule.length }));
  return [...groupBy(byRule, ({ count }) => String(count)).values()].map((rules) => ({
    path,
    rules: rules.map(({ rule }) => rule).sort(),
    count: rules[0]?.count ?? 1,
  }));
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
