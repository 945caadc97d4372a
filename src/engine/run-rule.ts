import type { Finding } from '../findings/finding.js';
import type { Model } from '../model/model.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import { createRuleContext } from '../rule/rule-context.js';
import type { Rule } from '../rule/rule.js';
import { matcherOf } from '../settings/globs.js';
import type { Settings } from '../settings/load-settings.js';

type Sanction = Settings['sanctioned'][number];

/** The outcome of one rule over one model. */
export interface RuleResult {
  /** Findings to report. */
  readonly findings: readonly Finding[];
  /** Findings that the user has sanctioned, each with its sanction. */
  readonly sanctioned: readonly { readonly finding: Finding; readonly sanction: Sanction }[];
}

/** Runs a rule over the whole model and sets the findings apart that the user has sanctioned with a reason. `ProjectAnalysis` calls it. */
export function runRule(rule: Rule, project: Project, settings: Settings, model: Model): RuleResult {
  const sanctions = settings.sanctioned
    .filter(({ rules }) => rules.includes(rule.name))
    .map((sanction) => ({ sanction, matches: matcherOf([sanction.path]) }));
  const findings: Finding[] = [];
  const sanctioned: { finding: Finding; sanction: Sanction }[] = [];
  for (const finding of rule.check(createRuleContext(project, settings, model))) {
    const match = sanctions.find(({ matches }) => matches(relativeTo(project.root, finding.span.file)));
    if (match) sanctioned.push({ finding, sanction: match.sanction });
    else findings.push(finding);
  }
  return { findings, sanctioned };
}
