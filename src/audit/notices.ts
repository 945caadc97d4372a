import { matcherOf } from '../settings/globs.js';
import { defaultSettings } from '../settings/schema.js';
import { closestMatch } from '../settings/suggest-similar.js';
import type { Model } from '../model/model.js';
import { packageSpecifierOf } from '../project/package-specifiers.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import type { Rule } from '../rule/rule.js';
import { settingsFileName } from '../settings/load-settings.js';
import type { ProjectAnalysis } from '../engine/project-analysis.js';

/** Returns the notices of an audit: unread and skipped files, unused settings, and the accessors and managers that were used. */
export function collectNotices(analysis: ProjectAnalysis, rules: readonly Rule[]): string[] {
  return [
    ...unreadableFiles(analysis),
    ...skippedFiles(analysis),
    ...unusedGlobs(analysis),
    ...unlimitedFactories(analysis),
    ...unusedClients(analysis),
    ...unmatchedAccessors(analysis),
    ...unusedSanctions(analysis, rules),
    ...usedRoles(analysis),
  ];
}

function unreadableFiles({ project }: ProjectAnalysis): string[] {
  return project.unreadable.map(
    (file) =>
      `${relativeTo(project.root, file)} cannot be read and was not analysed. It is a broken link, or the process has no permission.`,
  );
}

function skippedFiles({ model, project }: ProjectAnalysis): string[] {
  return [...model.skippedFiles].map((file) => `${relativeTo(project.root, file)} is nested too deeply to be analysed and was skipped.`);
}

function unusedGlobs({ project, settings, unusedVendored }: ProjectAnalysis): string[] {
  const sources = [...project.sources].map((file) => relativeTo(project.root, file));
  const matchesNothing = (glob: string): boolean => !sources.some(matcherOf([glob]));
  const isDefault = (glob: string): boolean => defaultSettings.tests.includes(glob);
  const unused = {
    factories: settings.factories.filter(matchesNothing),
    managers: settings.managers.filter(matchesNothing),
    config: settings.config.filter(matchesNothing),
    service: settings.service.filter(matchesNothing),
    tests: settings.tests.filter((glob) => !isDefault(glob) && matchesNothing(glob)),
    vendored: settings.vendored.filter((glob) => unusedVendored.has(glob)),
  };
  return Object.entries(unused).flatMap(([key, globs]) =>
    globs.map((glob) => `${settingsFileName}: "${key}": "${glob}" matches no source file. Correct or remove it.`),
  );
}

function unlimitedFactories({ project, settings }: ProjectAnalysis): string[] {
  const sources = [...project.sources].map((file) => relativeTo(project.root, file));
  return settings.factories
    .filter((glob) => sources.length > 1 && sources.every(matcherOf([glob])))
    .map(
      (glob) =>
        `${settingsFileName}: "factories": "${glob}" matches every source file, so no-direct-client reports nothing. Name the modules that construct clients.`,
    );
}

function unusedClients({ project, settings, model }: ProjectAnalysis): string[] {
  return settings.clients.flatMap(({ package: name, module, constructors }, index) => {
    const key = `${settingsFileName}: "clients[${index}]"`;
    if (module !== undefined) return unusedModule(key, module, constructors, project, model);
    return name === undefined ? [] : unusedPackage(key, name, project);
  });
}

function unusedPackage(key: string, name: string, project: Project): string[] {
  const specifier = packageSpecifierOf(name) ?? name;
  const isImported = [...project.sources].some((file) => project.text(file)?.includes(specifier) === true);
  const hasAlias = [...project.packageAliases.values()].some((targets) => targets.has(specifier));
  if (isImported || hasAlias) return [];
  if (project.sources.has(`${project.root}/${name}`))
    return [
      `${key}: no source file imports a package "${name}", but the project has a file of this name. Use "module" instead of "package".`,
    ];
  const similar = closestMatch(name, [...project.packageNames]);
  const advice = similar === undefined ? 'Correct or remove it.' : `Did you mean "${similar}"?`;
  return [`${key}: no source file imports "${name}". ${advice}`];
}

function unusedModule(key: string, module: string, constructors: readonly string[], project: Project, model: Model): string[] {
  const file = module.replace(/^\.\//, '');
  if (!project.sources.has(`${project.root}/${file}`)) {
    const similar = closestMatch(
      file,
      [...project.sources].map((source) => relativeTo(project.root, source)),
    );
    return [`${key}: "${module}" is no source file. ${similar === undefined ? 'Correct or remove it.' : `Did you mean "${similar}"?`}`];
  }
  const missing = new Set(model.missingConstructors().flatMap((entry) => (entry.package === file ? [entry.name] : [])));
  return constructors
    .filter((name) => missing.has(name))
    .map((name) => `${key}: ${module} does not export "${name}". Name an export that creates a client, or remove it.`);
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
      return [
        `${key}: found no function "${name}" in ${module}. Use the declared name of the function; for a method, Class.method or method.`,
      ];
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

function usedRoles({ model }: ProjectAnalysis): string[] {
  return [
    ...model.accessors.map(({ name, evidence }) => `Accessor: ${name}, because ${evidence}.`),
    ...model.managers.map(({ name, evidence }) => `Manager: ${name}, because ${evidence}.`),
  ];
}
