import { rules } from '../../rules/index.js';
import type { AuditFinding, AuditResult } from '../audit/audit-result.js';
import type { Rule } from '../rule/rule.js';
import type { AuditedFile } from './audit-file.js';
import type { ExplainedFinding, PermittedFinding } from './explanation.js';
import { presetsOf } from './presets.js';
import { remediesOf } from './remedies.js';

/** Returns all that explains a finding. */
export function explainFinding({ finding, permission }: JudgedFinding, audited: AuditedFile): ExplainedFinding {
  const { codeAt } = audited;
  const rule = Object.values<Rule>(rules).find(({ name }) => name === finding.rule);
  return {
    finding,
    ...(permission === undefined ? {} : { permission }),
    presets: presetsOf(finding.scope === 'test' ? 'strict' : (rule?.meta.docs.preset ?? 'strict')),
    code: codeAt(finding),
    path: finding.path.map((step) => ({ ...step, code: codeAt(step) })),
    guards: (finding.guards ?? []).map(({ text, place }) => ({ text, ...(place === undefined ? {} : { place, code: codeAt(place) }) })),
    remedies: permission === undefined ? remediesOf(finding, audited) : [],
  };
}

/** A finding, and what permits it. */
export interface JudgedFinding {
  readonly finding: AuditFinding;
  readonly permission?: PermittedFinding['permission'];
}

/** Returns the findings of an audit with what permits them: first those that nothing permits. */
export function judgedFindings(result: AuditResult): JudgedFinding[] {
  return [...result.findings.map((finding) => ({ finding })), ...permittedFindings(result)];
}

/** Returns the findings that a setting, a comment or the baseline permits. */
export function permittedFindings({ sanctioned, disabled, baseline }: AuditResult): PermittedFinding[] {
  return [
    ...sanctioned.map(({ reason, ...finding }): PermittedFinding => ({ finding, permission: { by: 'setting', reason } })),
    ...disabled.map(({ commentLine, reason, ...finding }): PermittedFinding => ({
      finding,
      permission: { by: 'comment', line: commentLine, ...(reason === undefined ? {} : { reason }) },
    })),
    ...(baseline?.known ?? []).map((finding): PermittedFinding => ({
      finding,
      permission: { by: 'baseline', file: baseline?.file ?? '' },
    })),
  ];
}
