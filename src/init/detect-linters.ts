import { posix } from 'node:path';
import { createRequire } from 'node:module';
import type * as Semver from 'semver';
import type * as Yaml from 'yaml';
import { isObject, parseJsonObject } from '../edits/json-text.js';
import type { RootManifest } from './package-json.js';
import type { ProjectFolder } from './project-folder.js';

/** A linter of the project, and its configuration at the root. */
export type Linter =
  | { readonly kind: 'eslint'; readonly file: string }
  /** A version or configuration that cannot load the plugin. */
  | { readonly kind: 'too-old'; readonly name: 'ESLint' | 'oxlint'; readonly file: string; readonly reason: string }
  /** `file` need not exist yet. */
  | { readonly kind: 'oxlint'; readonly file: string }
  | { readonly kind: 'biome'; readonly file: string };

/** The linters at the root, and the configurations of linters in folders below. */
export interface DetectedLinters {
  readonly linters: readonly Linter[];
  /** Configuration files below the root that could load the plugin. */
  readonly nested: readonly string[];
}

const flatConfig = /^eslint\.config\.[cm]?[jt]s$/;
const legacyConfig = /^\.eslintrc(?:\.(?:[cm]?js|ya?ml|json))?$/;
const oxlintConfig = /^(?:\.oxlintrc\.jsonc?|oxlint\.config\.[cm]?[jt]s)$/;
const biomeConfig = /^\.?biome\.jsonc?$/;
const notOwn = /(?:^|\/)(?:node_modules|fixtures?|__fixtures__|templates?|\.[^/]+)\//;

/** Detects the linters by their configuration files and the versions in `package.json`. Several can be in use at once. */
export function detectLinters(folder: ProjectFolder, manifest: RootManifest | undefined): DetectedLinters {
  const atRoot = (pattern: RegExp) => folder.files.find((file) => pattern.test(file));
  const eslint = detectEslint(atRoot(flatConfig), atRoot(legacyConfig) ?? (manifest?.hasEslintConfig ? 'package.json' : undefined), {
    folder,
    manifest,
  });
  const oxlint = detectOxlint(atRoot(oxlintConfig), { folder, manifest });
  const biome = atRoot(biomeConfig);
  return {
    linters: [...eslint, ...oxlint, ...(biome === undefined ? [] : [{ kind: 'biome' as const, file: biome }])],
    nested: folder.files.filter(
      (file) =>
        posix.dirname(file) !== '.' &&
        !notOwn.test(file) &&
        [flatConfig, oxlintConfig].some((pattern) => pattern.test(posix.basename(file))),
    ),
  };
}

interface LinterFacts {
  readonly folder: ProjectFolder;
  readonly manifest: RootManifest | undefined;
}

/** ESLint 9 and later prefer the flat configuration if both forms exist. */
function detectEslint(flat: string | undefined, legacy: string | undefined, { folder, manifest }: LinterFacts): Linter[] {
  const isOld = isBefore('eslint', '9.0.0', folder, manifest);
  if (flat !== undefined && !isOld) return [{ kind: 'eslint', file: flat }];
  const file = flat ?? legacy;
  if (file === undefined) return [];
  const reason = isOld ? 'This project uses an ESLint before 9' : `${file} is a configuration of the old form (eslintrc)`;
  return [{ kind: 'too-old', name: 'ESLint', file, reason: `${reason}; the plugin needs ESLint 9 or later with a flat configuration.` }];
}

/** Without a configuration file oxlint reads its defaults: a new file keeps them. */
function detectOxlint(file: string | undefined, { folder, manifest }: LinterFacts): Linter[] {
  if (file === undefined && manifest?.dependencies.has('oxlint') !== true) return [];
  const name = file ?? '.oxlintrc.json';
  const isOld = isBefore('oxlint', '1.34.0', folder, manifest);
  const reason = 'This project uses an oxlint before 1.34; the plugin needs 1.34 or later.';
  return [isOld ? { kind: 'too-old', name: 'oxlint', file: name, reason } : { kind: 'oxlint', file: name }];
}

/** Whether the installed version of a package is too old, else whether each version in the range of `package.json` is. */
function isBefore(name: string, minimum: string, { read }: ProjectFolder, manifest: RootManifest | undefined): boolean {
  const installed = parseJsonObject(read(`node_modules/${name}/package.json`) ?? '')?.['version'];
  const range = manifest?.dependencies.get(name) ?? '';
  const wanted = range.startsWith('catalog:') ? (catalogRange(read('pnpm-workspace.yaml') ?? '', name, range) ?? '') : range;
  const version = typeof installed === 'string' ? installed : wanted.replace(/^npm:[^@]+@/, '');
  const { intersects, validRange } = load('semver');
  // A tag, as `latest`, is no range.
  return validRange(version) !== null && !intersects(version, `>=${minimum}`, { includePrerelease: true });
}

/** The range that a pnpm catalog has for a package: `catalog:` is the default catalog, `catalog:name` a named one. */
function catalogRange(workspace: string, packageName: string, reference: string): string | undefined {
  const { parseDocument } = load('yaml');
  const document: unknown = parseDocument(workspace).toJS();
  if (!isObject(document)) return undefined;
  const name = reference.slice('catalog:'.length);
  const catalogs = document['catalogs'];
  const catalog = name === '' || name === 'default' ? document['catalog'] : isObject(catalogs) ? catalogs[name] : undefined;
  const range = isObject(catalog) ? catalog[packageName] : undefined;
  return typeof range === 'string' ? range : undefined;
}

/** Loaded only for a project with such versions. */
const load: { (id: 'yaml'): typeof Yaml; (id: 'semver'): typeof Semver } = createRequire(import.meta.url);
