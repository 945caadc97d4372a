import type { AuditFinding } from '../audit/audit-result.js';
import { harmRank } from '../rule/harm.js';

/** Findings of one rule with the same message: one cause, told once. */
export interface FindingGroup {
  readonly rule: string;
  /** The message without its path. */
  readonly message: string;
  /** The lines of the path, if the message has one. */
  readonly path: readonly string[];
  /** The findings, sorted by position. */
  readonly findings: readonly AuditFinding[];
}

/** Returns the findings by cause, the most harmful rule first; of one rule, the cause with the most places first. */
export function groupFindings(findings: readonly AuditFinding[]): FindingGroup[] {
  const groups = new Map<string, AuditFinding[]>();
  for (const finding of findings) {
    const key = `${finding.rule}\0${finding.message}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const [message = '', ...path] = first.message.split('\n');
      return [{ rule: first.rule, message, path: path.map((step) => step.trim()), findings: group }];
    })
    .sort((a, b) => harmRank(a.rule) - harmRank(b.rule) || compare(a.rule, b.rule) || b.findings.length - a.findings.length);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
