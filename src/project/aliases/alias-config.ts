import { posix } from 'node:path';
import { type Alias, folderAlias, nameAlias, patternAlias } from './alias.js';
import { type ConfigFile, literalsOf, stringsOf } from './evaluate.js';
import { type Expression, readExpression } from './expression.js';

/** Names of fields with aliases: of Vite, webpack, Rollup, esbuild, SvelteKit, Nuxt, Parcel and Babel; of module-alias; of Jest. */
const aliasField = /(?<![\w$])(?:alias(?:es)?|entries|_moduleAliases|moduleNameMapper)\b/;
/** Names of fields with folders in which bare specifiers are looked up: of webpack, Jest and Babel. */
const folderField = /(?<![\w$.])(?:modules|modulePaths|roots?|moduleDirectories)\b/;

/** Returns the rules by which the tool of a configuration file replaces specifiers. It reads the text and runs nothing. */
export function aliasesIn(config: ConfigFile): Alias[] {
  if (!/alias|moduleNameMapper|modulePaths|entries|\blib\b|srcDir|modules|module-resolver/i.test(config.text)) return [];
  const aliases = fieldsIn(config, aliasField).flatMap((value) => aliasesOf(value, config));
  return [...aliases, ...assignedAliases(config), ...sourceFolderAliases(config), ...lookupFolders(config).map(folderAlias)];
}

/** Names of frameworks for a folder that their configuration file sets: SvelteKit's `kit.files.lib`, Nuxt's `srcDir`. */
const sourceFolders: readonly (readonly [file: RegExp, field: RegExp, names: readonly string[]])[] = [
  [/^svelte\.config\./, /(?<![\w$.])lib\b/, ['$lib']],
  [/^nuxt\.config\./, /(?<![\w$.])srcDir\b/, ['~', '@']],
];

function sourceFolderAliases(config: ConfigFile): Alias[] {
  return sourceFolders.flatMap(([file, field, names]) => {
    if (!file.test(posix.basename(config.file))) return [];
    const folders = fieldsIn(config, field).flatMap((value) => stringsOf(value, config));
    return folders.flatMap((folder) => names.map((name) => nameAlias(name, posix.resolve(config.cwd, folder))));
  });
}

/** The values of the fields and variables with one of the names. */
function fieldsIn({ text }: ConfigFile, name: RegExp): Expression[] {
  const field = new RegExp(String.raw`${name.source}['"]?\s*(?::\s*[A-Z][\w<>,[\]{}:;\s|]*?=|[:=]|,(?=\s*\{))(?!=)`, 'g');
  return [...text.matchAll(field)].map((match) => readExpression(text, match.index + match[0].length));
}

function aliasesOf(value: Expression, config: ConfigFile): Alias[] {
  return literalsOf(value, config).flatMap((literal) => {
    if (literal.kind === 'object') return literal.entries.flatMap(([key, target]) => entryAliases(key, target, config));
    return literal.kind === 'list' ? literal.items.flatMap((item) => itemAliases(item, config)) : [];
  });
}

function entryAliases(key: Expression, target: Expression, config: ConfigFile): Alias[] {
  if (key.kind === 'spread') return aliasesOf(target, config);
  return stringsOf(key, config).flatMap((name) => targetsOf(target, config).flatMap((path) => aliasFor(name, path)));
}

/** `{ find, replacement }`, the list form of Vite and Rollup; `{ name, alias }` of webpack. */
function itemAliases(item: Expression, config: ConfigFile): Alias[] {
  return literalsOf(item, config).flatMap((literal) => {
    if (literal.kind !== 'object') return aliasesOf(literal, config);
    const field = (...names: string[]) =>
      literal.entries.find(([key]) => key.kind === 'string' && names.includes(key.value))?.[1] ?? { kind: 'other' as const };
    const find = field('find', 'name');
    const targets = targetsOf(field('replacement', 'alias'), config);
    if (find.kind === 'pattern') return targets.flatMap((target) => patternAlias(find.source, find.flags, target) ?? []);
    return stringsOf(find, config).flatMap((name) => targets.flatMap((target) => aliasFor(name, target)));
  });
}

/** A key of Jest and Babel is a regular expression if it looks like one. */
function aliasFor(name: string, target: string): Alias[] {
  if (/^\^|\(/.test(name)) return [patternAlias(name, '', target)].filter((alias) => alias !== undefined);
  return [nameAlias(name, target)];
}

/** `config.resolve.alias['@db'] = …` and webpack-chain's `alias.set('@db', …)`. */
function assignedAliases(config: ConfigFile): Alias[] {
  const { text } = config;
  const assignment = /\balias\s*(?:\[\s*(['"`])([^'"`]+)\1\s*\]|\.([\w$]+))\s*=(?![=>])/g;
  const setter = /\.set\(\s*(['"`])([^'"`]+)\1\s*,/g;
  const matches = [...text.matchAll(assignment), ...(/\balias\b/.test(text) ? text.matchAll(setter) : [])];
  return matches.flatMap((match) => {
    const value = readExpression(text, match.index + match[0].length);
    return targetsOf(value, config).flatMap((target) => aliasFor(match[2] ?? match[3] ?? '', target));
  });
}

/** The targets of a rule. A path is made absolute; a value without a leading dot or slash may be a path or a package. */
function targetsOf(value: Expression, config: ConfigFile): string[] {
  const folder = posix.dirname(config.file);
  return stringsOf(value, config).flatMap((written) => {
    const target = written.replace(/^<rootDir>/, () => rootDirOf(config)).replace(/^(?:~~|@@)(?=\/)/, () => config.cwd);
    if (/^\.{1,2}(?:\/|$)/.test(target))
      return [posix.resolve(config.cwd, target), ...(folder === config.cwd ? [] : [posix.resolve(folder, target)])];
    if (target.startsWith('/')) return target.startsWith(config.cwd) ? [target] : [target, posix.join(config.cwd, target)];
    return /^[@\w]/.test(target) && !/^\w+:/.test(target) ? [posix.join(config.cwd, target), target] : [target];
  });
}

/** Jest's `rootDir`: a folder of the configuration file; default: its own folder. */
function rootDirOf(config: ConfigFile): string {
  const [value] = fieldsIn(config, /(?<![\w$.])rootDir\b/).flatMap((expression) => stringsOf(expression, config));
  return posix.resolve(posix.dirname(config.file), value ?? '.');
}

function lookupFolders(config: ConfigFile): string[] {
  return fieldsIn(config, folderField)
    .flatMap((value) => [...literalsOf(value, config).flatMap((literal) => (literal.kind === 'list' ? literal.items : [])), value])
    .flatMap((item) => (item.kind === 'list' ? [] : stringsOf(item, config)))
    .filter((folder) => /^[./<]/.test(folder))
    .map((folder) =>
      posix.resolve(
        config.cwd,
        folder.replace(/^<rootDir>/, () => rootDirOf(config)),
      ),
    );
}
