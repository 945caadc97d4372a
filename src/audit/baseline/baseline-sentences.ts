import { basename } from 'node:path';
import type { AuditBaselineEntry } from '../audit-result.js';
import type { BaselineFinding } from './match-baseline.js';

/** Returns a sentence for each file and rule with stale entries. An edited line makes one entry stale and one finding new. */
export function describeStale(path: string, stale: readonly AuditBaselineEntry[], added: readonly BaselineFinding[]): string[] {
  const places = new Map<string, AuditBaselineEntry[]>();
  for (const entry of stale) places.set(placeOf(entry), [...(places.get(placeOf(entry)) ?? []), entry]);
  return [...places].map(([place, entries]) => {
    const isEdited = added.some(({ file, finding: { rule } }) => placeOf({ file, rule }) === place);
    const advice = isEdited
      ? 'If the new findings of this rule are the same ones after an edit, run with --update-baseline.'
      : 'Run with --prune-baseline to remove what is gone.';
    const count = sum(entries);
    return `${basename(path)}: ${place}: ${count} listed ${count === 1 ? 'finding is no longer reported' : 'findings are no longer reported'}. ${advice}`;
  });
}

/** The outcome of an update of a baseline. */
interface Update {
  readonly after: readonly AuditBaselineEntry[];
  readonly added: readonly BaselineFinding[];
  readonly stale: readonly AuditBaselineEntry[];
}

/** Returns a sentence that says what an update of a baseline changed. */
export function describeUpdate(path: string, { after, added, stale }: Update): string {
  const total = sum(after);
  return `${basename(path)} lists ${total} ${total === 1 ? 'finding' : 'findings'}: ${added.length} added, ${sum(stale)} removed.`;
}

function placeOf({ file, rule }: Pick<AuditBaselineEntry, 'file' | 'rule'>): string {
  return `${file}: ${rule}`;
}

function sum(entries: readonly AuditBaselineEntry[]): number {
  return entries.reduce((total, { count = 1 }) => total + count, 0);
}
