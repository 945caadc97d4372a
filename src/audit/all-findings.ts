import type { AuditFinding, AuditResult } from './audit-result.js';
import { byPlace } from './join-results.js';

/** Returns the new findings and the known ones, sorted by position: a known finding is no less true. */
export function allFindings(result: Pick<AuditResult, 'findings' | 'baseline' | 'since'>): AuditFinding[] {
  return [...result.findings, ...knownFindings(result)].sort(byPlace);
}

/** Returns the findings that the baseline or an earlier revision has already. */
export function knownFindings({ baseline, since }: Pick<AuditResult, 'baseline' | 'since'>): AuditFinding[] {
  return [...(baseline?.known ?? []), ...(since?.known ?? [])];
}
