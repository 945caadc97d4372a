import { applySanctions, type SanctionResult } from '../exceptions/sanctions.js';
import type { Disables } from '../exceptions/disables.js';
import { type EnclosingNames, readEnclosingNames } from '../exceptions/enclosing-names.js';
import type { Model } from '../model/model.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import { createRuleContext } from '../rule/rule-context.js';
import type { Rule } from '../rule/rule.js';
import type { Settings } from '../settings/load-settings.js';

/**
 * The outcome of one rule over one model. Findings that a comment disables are among its findings: a linter applies the comments itself, and
 * the audit after it.
 */
export type RuleResult = SanctionResult;

/** The inputs of a rule beside the model. `ProjectAnalysis` has this shape. */
interface JudgedProject {
  readonly project: Project;
  readonly settings: Settings;
  /** Returns the disable comments of a file. */
  readonly disablesIn: (file: string) => Disables;
}

/** Runs a rule over the whole model and sets the findings apart that the user has sanctioned with a reason. `ProjectAnalysis` calls it. */
export function runRule(rule: Rule, { project, settings, disablesIn }: JudgedProject, model: Model): RuleResult {
  const found = [...rule.check(createRuleContext(project, settings, model))];
  const names = new Map<string, EnclosingNames>();
  const namesIn = (file: string): EnclosingNames => {
    const known = names.get(file) ?? readEnclosingNames(file, project.text(file) ?? '');
    names.set(file, known);
    return known;
  };
  return applySanctions(rule.name, found, settings.sanctioned, {
    pathOf: (file) => relativeTo(project.root, file),
    namesAround: ({ span }) => namesIn(span.file).at(span.start),
    isDisabled: ({ span }) => disablesIn(span.file).at(rule.name, span).length > 0,
  });
}
