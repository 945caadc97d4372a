import { posix } from 'node:path';
import type { SanctionEntry } from './edit-settings.js';
import type { AuditFactory, AuditFinding } from '../audit/audit-result.js';

/** Findings that one reason covers: the same rules, in files of the same kind and folder. */
export interface ExceptionGroup {
  /** What the findings are, for a question: `2 findings of no-direct-client in scripts`. */
  readonly title: string;
  readonly rules: readonly string[];
  /** The entries of `sanctioned`, without their reason: one for each file; one for the folder if there are many. */
  readonly entries: readonly Omit<SanctionEntry, 'reason'>[];
  readonly findings: readonly AuditFinding[];
  /** An honest reason: what is known, and that it is not reviewed. */
  readonly proposedReason: string;
}

/** More files of one folder become one entry for the folder. */
const maxFilesOfGroup = 10;

/** Groups findings for exceptions, as narrow as is readable. Findings on paths that never return come first. */
export function groupExceptions(findings: readonly AuditFinding[], undecidedFacts: readonly AuditFactory[]): ExceptionGroup[] {
  const undecided = new Set(undecidedFacts.map(({ file }) => file));
  const groups = new Map<string, Map<string, AuditFinding[]>>();
  for (const [file, ofFile] of groupBy(findings, ({ file: path }) => path)) {
    const rules = rulesOf(ofFile).join(', ');
    const key = JSON.stringify([kindOf(file, rules, undecided), posix.dirname(file), rules]);
    groups.set(key, (groups.get(key) ?? new Map<string, AuditFinding[]>()).set(file, ofFile));
  }
  return [...groups.values()]
    .map((files) => describeGroup(files, undecided))
    .sort((a, b) => Number(isHarmful(b.rules)) - Number(isHarmful(a.rules)));
}

/** Whether a finding of these rules can stop a process. */
export function isHarmful(rules: readonly string[]): boolean {
  return rules.some((rule) => ['no-connection-recursion', 'require-manager-bypass', 'no-nested-acquire'].includes(rule));
}

type Kind = 'undecided' | 'harmful' | 'import-cycle' | 'test' | 'script' | 'client' | 'other';

function kindOf(file: string, rules: string, undecided: ReadonlySet<string>): Kind {
  if (isHarmful(rules.split(', '))) return 'harmful';
  if (rules.includes('no-connection-import-cycle')) return 'import-cycle';
  if (rules !== 'no-direct-client') return 'other';
  if (undecided.has(file)) return 'undecided';
  if (/(?:^|\/)(?:tests?|__tests__|e2e|fixtures|test-utils|testcontainers)\/|\.(?:test|spec)\./.test(file)) return 'test';
  return /(?:^|\/)(?:scripts?|migrations?|migrate|tools|tasks|benchmarks?|seeds?)(?:\/|\.)/.test(file) ? 'script' : 'client';
}

const subjects: Readonly<Record<Kind, string>> = {
  undecided: 'It was undecided which module is the factory',
  harmful: 'A call path that may never return, which existed',
  'import-cycle': 'An import cycle that existed',
  test: 'A test that existed',
  script: 'A script that existed',
  client: 'A client construction that existed',
  other: 'A finding that existed',
};

function describeGroup(files: ReadonlyMap<string, readonly AuditFinding[]>, undecided: ReadonlySet<string>): ExceptionGroup {
  const names = [...files.keys()].sort();
  const findings = [...files.values()].flat();
  const rules = rulesOf(findings);
  const [first = ''] = names;
  const folder = posix.dirname(first);
  const isFolder = names.length > maxFilesOfGroup && folder !== '.';
  const kind = kindOf(first, rules.join(', '), undecided);
  const where = names.length === 1 ? first : `${names.length} files of ${folder === '.' ? 'the root' : folder}`;
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  return {
    title: `${count} of ${rules.join(', ')} in ${where}`,
    rules,
    entries: isFolder ? [{ path: folder, rules }] : [...files].flatMap(([path, ofFile]) => entriesOf(path, ofFile)),
    findings,
    proposedReason: `${subjects[kind]} when clickhouse-ssot was introduced. Not reviewed yet.`,
  };
}

/** The entries of one file: one for all rules with the same number of findings, because a count holds for each rule. */
function entriesOf(path: string, findings: readonly AuditFinding[]): Omit<SanctionEntry, 'reason'>[] {
  const byRule = [...groupBy(findings, ({ rule }) => rule)].map(([rule, ofRule]) => ({ rule, count: ofRule.length }));
  return [...groupBy(byRule, ({ count }) => String(count)).values()].map((rules) => ({
    path,
    rules: rules.map(({ rule }) => rule).sort(),
    count: rules[0]?.count ?? 1,
  }));
}

function rulesOf(findings: readonly AuditFinding[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))].sort();
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
