import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as Jsonc from 'jsonc-parser';
import { splitPackage } from './package-specifiers.js';

/** Loaded with the first tsconfig: a project without ClickHouse needs none. */
const load: (id: 'jsonc-parser') => typeof Jsonc = createRequire(import.meta.url);

/** The compiler options that decide which imports exist at run time. */
export interface ImportOptions {
  /** Each import declaration stays, unless it is `import type`. */
  readonly keepsDeclarations: boolean;
  /** A name without the word `type` stays, although no value uses it. */
  readonly keepsNames: boolean;
  /** The compiler sees one file at a time: it cannot know that an imported name is a type. */
  readonly isIsolated: boolean;
  /** The types of decorated members are emitted as values. */
  readonly emitsMetadata: boolean;
}

export const defaultImportOptions: ImportOptions = { keepsDeclarations: false, keepsNames: false, isIsolated: false, emitsMetadata: false };

type Options = Readonly<Record<string, unknown>>;

/** Returns the import options of a file: those of the nearest tsconfig below `root`, and of its references in the same folder. */
export function importOptionsOf(file: string, root: string, readText: (file: string) => string | undefined): ImportOptions {
  const read = (path: string): Options | undefined => {
    const text = readText(path);
    const value: unknown = text === undefined ? undefined : load('jsonc-parser').parse(text, [], { allowTrailingComma: true });
    return isRecord(value) ? value : undefined;
  };
  const config = nearestConfig(posix.dirname(file), root, read);
  if (config === undefined) return defaultImportOptions;
  // A tsconfig of a solution has references only. Each of them can hold the file.
  const references = referencesOf(config, read);
  const all = [config, ...references].map((path) => optionsOf(path, read, new Set()));
  const isSet = (name: string) => all.some((options) => options[name] === true);
  const isVerbatim = isSet('verbatimModuleSyntax');
  return {
    keepsDeclarations: isVerbatim || all.some(({ importsNotUsedAsValues: use }) => use === 'preserve' || use === 'error'),
    keepsNames: isVerbatim || isSet('preserveValueImports'),
    isIsolated: isVerbatim || isSet('isolatedModules'),
    emitsMetadata: isSet('emitDecoratorMetadata'),
  };
}

type Read = (path: string) => Options | undefined;

function nearestConfig(folder: string, root: string, read: Read): string | undefined {
  const config = ['tsconfig.json', 'jsconfig.json'].map((name) => posix.join(folder, name)).find((path) => read(path) !== undefined);
  return config ?? (folder === root || folder === posix.dirname(folder) ? undefined : nearestConfig(posix.dirname(folder), root, read));
}

function referencesOf(config: string, read: Read): string[] {
  const references = read(config)?.['references'];
  const paths = Array.isArray(references)
    ? references.map((reference: unknown) => (isRecord(reference) ? reference['path'] : undefined))
    : [];
  return paths
    .filter((path) => typeof path === 'string')
    .map((path) => posix.resolve(posix.dirname(config), path))
    .filter((path) => posix.dirname(path) === posix.dirname(config));
}

/** The compiler options of a tsconfig with those that it inherits. */
function optionsOf(path: string, read: Read, seen: ReadonlySet<string>): Options {
  const config = seen.has(path) ? undefined : read(path);
  if (!config) return {};
  const base = config['extends'];
  const bases = (Array.isArray(base) ? base : [base]).filter((specifier) => typeof specifier === 'string');
  const inherited = bases.map((specifier) => {
    const target = extended(posix.dirname(path), specifier).find((candidate) => read(candidate) !== undefined);
    return target === undefined ? {} : optionsOf(target, read, new Set([...seen, path]));
  });
  const own = config['compilerOptions'];
  return Object.fromEntries([...inherited, isRecord(own) ? own : {}].flatMap((options) => Object.entries(options)));
}

/** Candidate paths of the tsconfig that `extends` names. */
function extended(folder: string, specifier: string): string[] {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return withExtensions(posix.resolve(folder, specifier));
  const [name, subpath] = splitPackage(specifier);
  const parent = posix.dirname(folder);
  const here = withExtensions(posix.join(folder, 'node_modules', name, subpath));
  return parent === folder ? here : [...here, ...extended(parent, specifier)];
}

function withExtensions(path: string): string[] {
  return [path, `${path}.json`, posix.join(path, 'tsconfig.json')];
}

function isRecord(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
