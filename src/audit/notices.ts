import { matcherOf } from '../settings/globs.js';
import { relativeTo } from '../project/paths.js';
import type { Rule } from '../rule/rule.js';
import { settingsFileName } from '../settings/load-settings.js';
import type { ProjectAnalysis } from '../engine/project-analysis.js';

/** Returns the notices of an audit: skipped files, settings without effect, and the accessors and managers that were used. */
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
  return [...model.skippedFiles].map((file) => `${relativeTo(project.root, file)} is nested too deeply to be analysed and was skipped.`);
}

function unusedGlobs({ project, settings }: ProjectAnalysis): string[] {
  const sources = [...project.sources].map((file) => relativeTo(project.root, file));
  return (['factories', 'managers', 'config', 'service'] as const).flatMap((key) =>
    settings[key]
      .filter((glob) => !sources.some(matcherOf([glob])))
      .map((glob) => `${settingsFileName}: "${key}": "${glob}" matches no source file. Correct or remove it.`),
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
      return [`${key}: found no function "${name}" in ${module}. Use the declared name of the function; for a method, Class.method.`];
    const flag = typeof bypass === 'string' ? bypass : bypass?.parameter;
    return flag === undefined || accessor.bypass
      ? []
      : [
          `${key}: ${name} has no parameter or option "${flag}". Name an existing one. Until then, no call of ${name} counts as a bypass of the manager.`,
        ];
  });
}

function unusedSanctions(analysis: ProjectAnalysis, rules: readonly Rule[]): string[] {
  return analysis.settings.sanctioned.flatMap((sanction, index) => {
    const isUsed = rules.some((rule) => analysis.check(rule).sanctioned.some((entry) => entry.sanction === sanction));
    return isUsed
      ? []
      : [
          `${settingsFileName}: "sanctioned[${index}]": "${sanction.path}" has no finding of ${sanction.rules.join(', ')}. Remove the entry.`,
        ];
  });
}

function detected({ model }: ProjectAnalysis): string[] {
  return [
    ...model.accessors.map(({ name, evidence }) => `Accessor: ${name}, because ${evidence}.`),
    ...model.managers.map(({ name, evidence }) => `Manager: ${name}, because ${evidence}.`),
  ];
}
