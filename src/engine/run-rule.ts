import type { RuleContext } from '../rule/rule-context.js';
import type { Finding } from '../findings/finding.js';
import { runtimePackage } from '../model/clients/client-packages.js';
import type { Model } from '../model/model.js';
import { positionAt } from '../findings/position.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import type { Rule } from '../rule/rule.js';
import { matcherOf } from '../settings/globs.js';
import type { Settings } from '../settings/load-settings.js';

type Sanction = Settings['sanctioned'][number];

export interface RuleResult {
  readonly findings: readonly Finding[];
  /** Findings that the user has answered, each with the sanction that answers it. */
  readonly sanctioned: readonly { readonly finding: Finding; readonly sanction: Sanction }[];
}

export function createRuleContext(project: Project, settings: Settings, model: Model): RuleContext {
  const isFactory = matcherOf(settings.factories);
  const isTest = matcherOf(settings.tests);
  return {
    model,
    factories: settings.factories,
    usesRuntime: project.dependsOn(runtimePackage),
    isTest: (file) => isTest(relativeTo(project.root, file)),
    importersOf: (file) => project.importersOf(file).size,
    isFactory: (file) => isFactory(relativeTo(project.root, file)),
    locate: ({ file, start }) => ({ file: relativeTo(project.root, file), ...positionAt(project.text(file) ?? '', start) }),
    textOf: ({ file, start, end }) => (project.text(file) ?? '').slice(start, end),
  };
}

/** What a rule finds in the whole program, less what the user has sanctioned with a reason. */
export function runRule(rule: Rule, project: Project, settings: Settings, model: Model): RuleResult {
  const sanctions = settings.sanctioned
    .filter(({ rules }) => rules.includes(rule.name))
    .map((sanction) => ({ sanction, matches: matcherOf([sanction.path]) }));
  const findings: Finding[] = [];
  const sanctioned: { finding: Finding; sanction: Sanction }[] = [];
  for (const finding of rule.check(createRuleContext(project, settings, model))) {
    const answer = sanctions.find(({ matches }) => matches(relativeTo(project.root, finding.span.file)));
    if (answer) sanctioned.push({ finding, sanction: answer.sanction });
    else findings.push(finding);
  }
  return { findings, sanctioned };
}
