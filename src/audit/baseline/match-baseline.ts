import type { AuditBaselineEntry, AuditFinding } from '../audit-result.js';

/** The properties by which a baseline entry and a finding are compared. `file` is relative to the folder of the baseline. */
type Compared = Pick<AuditBaselineEntry, 'file' | 'rule' | 'within' | 'fingerprint' | 'scope'>;

/** A finding with its path relative to the folder of the baseline. */
export interface BaselineFinding<Finding extends Omit<AuditFinding, 'file'> = AuditFinding> {
  readonly file: string;
  readonly finding: Finding;
}

/** Facts about the audit that decide what an entry without a finding means. */
export interface BaselineScope {
  /** Whether the file of an entry still exists. */
  readonly exists: (file: string) => boolean;
  /** Whether the audit would have reported the finding of an entry. */
  readonly judges: (entry: AuditBaselineEntry) => boolean;
}

/** The comparison of findings with the entries of a baseline. */
export interface BaselineMatch {
  readonly known: readonly BaselineFinding[];
  readonly added: readonly BaselineFinding[];
  /** Entries that match no finding, although the audit judged their place. `count` is the number of missing findings. */
  readonly stale: readonly AuditBaselineEntry[];
  /** Entries without a finding whose place the audit did not judge. `count` is the number of such findings. */
  readonly unjudged: readonly AuditBaselineEntry[];
}

/**
 * Compares findings with entries by file, rule and fingerprint. An entry matches at most `count` findings, so one more equal finding is
 * an addition. An entry whose file no longer exists also matches a finding in another file: the file was moved.
 */
export function matchBaseline(
  findings: readonly BaselineFinding[],
  entries: readonly AuditBaselineEntry[],
  { exists, judges }: BaselineScope,
): BaselineMatch {
  const left = mergeEntries(entries).map((entry) => ({ entry, count: entry.count ?? 1 }));
  const inFile = new Map(left.map((slot) => [keyOf(slot.entry), slot]));
  const known = new Set<BaselineFinding>();
  const take = (found: BaselineFinding, slot: { count: number } | undefined): void => {
    if (slot === undefined || slot.count === 0) return;
    slot.count--;
    known.add(found);
  };
  for (const found of findings) take(found, inFile.get(keyOf({ ...found.finding, file: found.file })));
  const moved = left.filter(({ entry, count }) => count > 0 && !exists(entry.file));
  for (const found of findings) {
    if (!known.has(found))
      take(
        found,
        moved.find((slot) => slot.count > 0 && isSameContent(slot.entry, found.finding)),
      );
  }
  const rest = left.filter(({ count }) => count > 0).map(({ entry, count }) => ({ ...entry, count }));
  return {
    known: findings.filter((found) => known.has(found)),
    added: findings.filter((found) => !known.has(found)),
    stale: rest.filter(judges),
    unjudged: rest.filter((entry) => !judges(entry)),
  };
}

/** Returns one entry for all equal findings of a file. */
export function entriesOf(findings: readonly BaselineFinding[]): AuditBaselineEntry[] {
  return mergeEntries(
    findings.map(({ file, finding: { rule, within, fingerprint, scope } }) => ({
      file,
      rule,
      within,
      fingerprint,
      ...(scope === undefined ? {} : { scope }),
    })),
  );
}

/** Returns the entries with equal ones added up: a merge of two branches can list the same finding twice. */
export function mergeEntries(entries: readonly AuditBaselineEntry[]): AuditBaselineEntry[] {
  const merged = new Map<string, AuditBaselineEntry>();
  for (const entry of entries) {
    const key = keyOf(entry);
    merged.set(key, { ...entry, count: (merged.get(key)?.count ?? 0) + (entry.count ?? 1) });
  }
  return [...merged.values()];
}

function keyOf({ file, rule, fingerprint }: Compared): string {
  return `${file}\n${rule}\n${fingerprint}`;
}

function isSameContent(a: Omit<Compared, 'file'>, b: Omit<Compared, 'file'>): boolean {
  return a.rule === b.rule && a.fingerprint === b.fingerprint;
}
