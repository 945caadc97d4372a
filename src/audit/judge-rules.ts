import type { ProjectAnalysis } from '../engine/project-analysis.js';
import type { Directive } from '../exceptions/disable-directives.js';
import type { SanctionedFinding } from '../exceptions/sanctions.js';
import { type Finding, type GuardNote, messageOf } from '../findings/finding.js';
import { positionAt } from '../findings/position.js';
import type { Rule } from '../rule/rule.js';
import type { AuditDisabled, AuditFinding, AuditGuard, AuditSanctioned } from './audit-result.js';
import { createIdentifier, type FindingIdentity } from './fingerprint.js';
import { byPlace } from './join-results.js';
import { placeOf } from './place-of.js';

/** The findings of one rule, divided by what permits them. */
export interface JudgedRule {
  readonly rule: Rule;
  /** Findings that nothing permits. */
  readonly findings: readonly Finding[];
  readonly sanctioned: readonly SanctionedFinding[];
  readonly disabled: readonly DisabledFinding[];
}

interface DisabledFinding {
  readonly finding: Finding;
  readonly by: readonly Directive[];
}

/** The findings of an audit as its result lists them, sorted by position. */
export interface JudgedFindings {
  readonly findings: AuditFinding[];
  readonly sanctioned: AuditSanctioned[];
  readonly disabled: AuditDisabled[];
}

/** Runs rules on the model as it is. Their results are kept until an edit can change them. */
export function judgeRules(analysis: ProjectAnalysis, rules: readonly Rule[], includesTests: boolean): JudgedRule[] {
  return rules.map((rule) => ({ rule, ...splitDisabled(rule, includesTests, analysis) }));
}

/** Describes the findings of rules. `nameSettings` puts the name of the settings file into a message. */
export function describeJudged(
  judged: readonly JudgedRule[],
  analysis: ProjectAnalysis,
  nameSettings: (message: string) => string,
): JudgedFindings {
  const describe = findingDescriber(analysis, nameSettings);
  return {
    findings: judged.flatMap(({ rule, findings }) => findings.map((finding) => describe(finding, rule))).sort(byPlaceAndRule),
    sanctioned: judged
      .flatMap(({ rule, sanctioned }) =>
        sanctioned.map(({ finding, sanction }) => ({ ...describe(finding, rule), reason: sanction.reason })),
      )
      .sort(byPlaceAndRule),
    disabled: judged
      .flatMap(({ rule, disabled }) =>
        disabled.map(({ finding, by }) => ({ ...describe(finding, rule), ...commentOf(finding, by, analysis) })),
      )
      .sort(byPlaceAndRule),
  };
}

/** Sets the findings of a rule apart that a comment disables: a linter does the same with what the rule reports there. */
function splitDisabled(rule: Rule, includesTests: boolean, analysis: ProjectAnalysis): Omit<JudgedRule, 'rule'> {
  const result = analysis.check(rule);
  const all = result.findings
    .filter(({ scope }) => scope !== 'test' || includesTests)
    .map((finding) => ({ finding, by: analysis.disablesIn(finding.span.file).at(rule.name, finding.span) }));
  return {
    sanctioned: result.sanctioned,
    findings: all.flatMap(({ finding, by }) => (by.length === 0 ? [finding] : [])),
    disabled: all.filter(({ by }) => by.length > 0),
  };
}

function commentOf({ span }: Finding, by: readonly Directive[], analysis: ProjectAnalysis): Pick<AuditDisabled, 'commentLine' | 'reason'> {
  const named = by.find(({ reason }) => reason !== '') ?? by[0];
  const commentLine = analysis.disablesIn(span.file).lineOf(named?.comment.start ?? 0);
  return { commentLine, ...(named === undefined || named.reason === '' ? {} : { reason: named.reason }) };
}

/** Returns a function that describes findings. A code base without findings needs no parser. */
function findingDescriber(
  analysis: ProjectAnalysis,
  nameSettings: (message: string) => string,
): (finding: Finding, rule: Rule) => AuditFinding {
  let identify: ReturnType<typeof createIdentifier> | undefined;
  return (finding, rule) => {
    identify ??= createIdentifier((file) => analysis.project.text(file) ?? '');
    const described = describeFinding(finding, rule, identify(rule.name, finding), analysis);
    return { ...described, message: nameSettings(described.message) };
  };
}

function describeFinding(finding: Finding, rule: Rule, identity: FindingIdentity, analysis: ProjectAnalysis): AuditFinding {
  const { span, messageId, path, guards, fix, scope } = finding;
  const end = positionAt(analysis.project.text(span.file) ?? '', span.end);
  return {
    rule: rule.name,
    ...placeOf(span, analysis),
    endLine: end.line,
    endColumn: end.column,
    message: messageOf(finding, rule.meta.messages[messageId] ?? messageId),
    fixable: fix !== undefined,
    path: (path ?? []).map((step) => ({ name: step.name, ...placeOf(step.span, analysis) })),
    ...(guards === undefined ? {} : { guards: guards.map((guard) => describeGuard(guard, analysis)) }),
    ...identity,
    ...(scope === undefined ? {} : { scope }),
  };
}

function describeGuard({ text, span }: GuardNote, analysis: ProjectAnalysis): AuditGuard {
  return { text, ...(span === undefined ? {} : { place: placeOf(span, analysis) }) };
}

function byPlaceAndRule(a: AuditFinding, b: AuditFinding): number {
  return byPlace(a, b) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
