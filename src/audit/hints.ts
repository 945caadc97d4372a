import { matcherOf } from '../settings/globs.js';
import { relativeTo } from '../project/paths.js';
import type { Rule } from '../rule/rule.js';
import { settingsFileName } from '../settings/load-settings.js';
import type { ProjectAnalysis } from '../engine/workspace.js';

/** What a reader should know about how the audit came to its result: what was left out, what the settings say in vain, what was taken for what. */
export function collectNotices(analysis: ProjectAnalysis, rules: readonly Rule[]): string[] {
  return [
    ...skippedFiles(analysis),
    ...unusedGlobs(analysis),
    ...unmatchedAccessors(analysis),
    ...unusedSanctions(analysis, rules),
    ...detected(analysis),
  ];
}

function skippedFiles({ model, project }: ProjectAnalysis): string[] {
  return [...model.skippedFiles].map((file) => `${relativeTo(project.root, file)} is nested too deep to be looked at, and was left out.`);
}

function unusedGlobs({ project, settings }: ProjectAnalysis): string[] {
  const sources = [...project.sources].map((file) => relativeTo(project.root, file));
  return (['factories', 'managers', 'config', 'service'] as const).flatMap((key) =>
    settings[key]
      .filter((glob) => !sources.some(matcherOf([glob])))
      .map((glob) => `${settingsFileName}: "${key}": "${glob}" matches no source file any more.`),
  );
}

function unmatchedAccessors({ model, project, settings }: ProjectAnalysis): string[] {
  return settings.accessors.flatMap(({ module, name, bypass }, index) => {
    const key = `${settingsFileName}: "accessors[${index}]"`;
    const accessor = model.accessors.find(
      (candidate) =>
        relativeTo(project.root, candidate.callable.getSourceFile().fileName) === module &&
        (candidate.name === name || candidate.name.endsWith(`.${name}`)),
    );
    if (!accessor)
      return [`${key}: found no function "${name}" in ${module}. Name the function as it is declared there, a method as Class.method.`];
    const switchName = typeof bypass === 'string' ? bypass : bypass?.parameter;
    return switchName === undefined || accessor.bypass
      ? []
      : [
          `${key}: ${name} takes no "${switchName}". Name a parameter of it, or an option of one; until then no call of it is taken to go past the manager.`,
        ];
  });
}

function unusedSanctions(analysis: ProjectAnalysis, rules: readonly Rule[]): string[] {
  return analysis.settings.sanctioned.flatMap((sanction, index) => {
    const answers = rules.some((rule) => analysis.check(rule).sanctioned.some((entry) => entry.sanction === sanction));
    return answers
      ? []
      : [
          `${settingsFileName}: "sanctioned[${index}]": nothing under "${sanction.path}" breaks ${sanction.rules.join(', ')} any more. Remove it.`,
        ];
  });
}

function detected({ model }: ProjectAnalysis): string[] {
  return [
    ...model.accessors.map(({ name, evidence }) => `${name} was taken for the accessor: ${evidence}.`),
    ...model.managers.map(({ name, evidence }) => `${name} was taken for a manager: ${evidence}.`),
  ];
}
