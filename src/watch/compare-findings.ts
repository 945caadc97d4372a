import type { AuditFinding } from '../audit/audit-result.js';

/** A finding of a file that was renamed: the same code under another path. */
export interface MovedFinding {
  readonly from: AuditFinding;
  readonly to: AuditFinding;
}

/** The difference between the findings of two audits. */
export interface FindingChanges {
  readonly added: readonly AuditFinding[];
  readonly gone: readonly AuditFinding[];
  readonly moved: readonly MovedFinding[];
  /** Findings at a place where the same rule reported something else before, as they are now. */
  readonly changed: readonly AuditFinding[];
}

/**
 * Compares the findings of two audits by file, rule and fingerprint: a finding whose line moved is the same. One that left a file which is
 * gone, and is in another file now, moved with it. One with another path or other candidates at the same place has changed.
 *
 * @param exists Whether a file is there now.
 */
export function compareFindings(
  before: readonly AuditFinding[],
  after: readonly AuditFinding[],
  exists: (file: string) => boolean,
): FindingChanges {
  const exact = pair(before, after, (finding) => JSON.stringify([finding.file, finding.rule, finding.fingerprint]));
  const inPlace = pair(exact.before, exact.after, ({ file, rule, line, column }) => JSON.stringify([file, rule, line, column]));
  const changed = inPlace.pairs.filter(({ from, to }) => from.message !== to.message).map(({ to }) => to);
  const [left, movable] = divide(inPlace.before, ({ file }) => exists(file));
  const moved = pair(movable, inPlace.after, (finding) => JSON.stringify([finding.rule, finding.fingerprint]));
  return { added: moved.after, gone: [...left, ...moved.before], moved: moved.pairs, changed };
}

interface Pairs {
  readonly pairs: readonly MovedFinding[];
  /** The findings without a partner. */
  readonly before: readonly AuditFinding[];
  readonly after: readonly AuditFinding[];
}

/** Pairs findings with the same key, each at most once. */
function pair(before: readonly AuditFinding[], after: readonly AuditFinding[], keyOf: (finding: AuditFinding) => string): Pairs {
  const waiting = new Map<string, AuditFinding[]>();
  for (const finding of before) waiting.set(keyOf(finding), [...(waiting.get(keyOf(finding)) ?? []), finding]);
  const pairs: MovedFinding[] = [];
  const unpaired: AuditFinding[] = [];
  for (const to of after) {
    const from = waiting.get(keyOf(to))?.shift();
    if (from) pairs.push({ from, to });
    else unpaired.push(to);
  }
  const paired = new Set(pairs.map(({ from }) => from));
  return { pairs, before: before.filter((finding) => !paired.has(finding)), after: unpaired };
}

function divide<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): readonly [first: Item[], second: Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
