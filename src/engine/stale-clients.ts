import { packageSpecifierOf } from '../project/package-specifiers.js';
import { patternText } from '../project/text-questions.js';
import { closestPath } from '../settings/suggest-path.js';
import { closestMatch } from '../settings/suggest-similar.js';
import type { JudgedSettings, StaleEntry } from './judged-settings.js';

/** Returns the client packages and client modules of the settings that no file imports or exports. `all` are the source files of the project. */
export function findStaleClients(code: JudgedSettings, all: readonly string[]): StaleEntry[] {
  return code.settings.clients.flatMap(({ package: name, module, constructors }, index) => {
    const key = `clients[${index}]`;
    if (module !== undefined) return staleModule(key, module, constructors, code, all);
    return name === undefined ? [] : stalePackage(key, name, constructors, code, all);
  });
}

function staleModule(
  key: string,
  module: string,
  constructors: readonly string[],
  { model }: JudgedSettings,
  all: readonly string[],
): StaleEntry[] {
  const file = module.replace(/^\.\//, '');
  if (!all.includes(file)) return [{ key, value: module, text: `"${module}" is no source file.`, nearest: closestPath(file, all) }];
  const missing = new Set(model.missingConstructors().flatMap((entry) => (entry.package === file ? [entry.name] : [])));
  return constructors.flatMap((name, position) => {
    if (!missing.has(name)) return [];
    const advice = 'Name an export that creates a client, or remove it.';
    return [{ key: `${key}.constructors[${position}]`, value: name, text: `${module} does not export "${name}".`, advice }];
  });
}

function stalePackage(
  key: string,
  name: string,
  constructors: readonly string[],
  { project }: JudgedSettings,
  all: readonly string[],
): StaleEntry[] {
  const specifier = packageSpecifierOf(name) ?? name;
  const aliases = [...project.packageAliases].flatMap(([alias, targets]) => (targets.has(specifier) ? [alias] : []));
  const mentions = {
    kind: 'matches',
    parts: [specifier, ...aliases],
    patterns: [patternText(new RegExp([specifier, ...aliases].map((mentioned) => mentionOf(mentioned).source).join('|')))],
  } as const;
  const importing = [...project.sources].flatMap((file) => (project.ask(file, mentions) === '' ? [] : [project.text(file) ?? '']));
  if (importing.length === 0) {
    if (all.includes(name)) {
      const text = `no source file imports a package "${name}", but the project has a file of this name.`;
      return [{ key, value: name, text, advice: 'Use "module" instead of "package".' }];
    }
    return [{ key, value: name, text: `no source file imports "${name}".`, nearest: closestMatch(name, [...project.packageNames]) }];
  }
  return constructors.flatMap((constructor, position): StaleEntry[] => {
    const [root = constructor] = constructor.split('.');
    if (root === 'default' || importing.some((text) => mentionOf(root).test(text))) return [];
    const text = `no file that imports "${name}" mentions "${root}".`;
    const nearest = closestMatch(
      root,
      importing.flatMap((source) => importedNames(source, name)),
    );
    return [{ key: `${key}.constructors[${position}]`, value: constructor, text, nearest }];
  });
}

/** Returns a pattern for a name that is no part of a longer name. */
function mentionOf(name: string): RegExp {
  return new RegExp(`(?<![\\w$-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$-])`);
}

/** The names that import declarations of a package list. For a suggestion only, so a text search is enough. */
function importedNames(text: string, packageName: string): string[] {
  return [...text.matchAll(/import[^;'"]*?\{([^}]*)\}\s*from\s*['"]([^'"]+)['"]/g)].flatMap(([, names = '', specifier]) =>
    specifier === packageName ? names.split(',').map((name) => name.replace(/^\s*type\s|\sas\s.*$/gs, '').trim()) : [],
  );
}
