import { posix } from 'node:path';
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { isObject, parseJsonObject } from './json-text.js';
import type { RootManifest } from './package-json.js';
import type { ProjectFolder } from './project-folder.js';

/** A linter of the project, and its configuration at the root. */
export type Linter =
  | { readonly kind: 'eslint'; readonly file: string }
  /** An ESLint that cannot load the plugin. */
  | { readonly kind: 'old-eslint'; readonly file: string; readonly reason: string }
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
  const oxlint = atRoot(oxlintConfig) ?? (manifest?.dependencies.has('oxlint') ? '.oxlintrc.json' : undefined);
  const biome = atRoot(biomeConfig);
  return {
    linters: [
      ...eslint,
      ...(oxlint === undefined ? [] : [{ kind: 'oxlint' as const, file: oxlint }]),
      ...(biome === undefined ? [] : [{ kind: 'biome' as const, file: biome }]),
    ],
    nested: folder.files.filter(
      (file) =>
        posix.dirname(file) !== '.' &&
        !notOwn.test(file) &&
        [flatConfig, oxlintConfig].some((pattern) => pattern.test(posix.basename(file))),
    ),
  };
}

interface EslintFacts {
  readonly folder: ProjectFolder;
  readonly manifest: RootManifest | undefined;
}

/** ESLint 9 and later prefer the flat configuration if both forms exist. */
function detectEslint(flat: string | undefined, legacy: string | undefined, { folder, manifest }: EslintFacts): Linter[] {
  const major = eslintMajor(folder, manifest);
  const isOld = major !== undefined && major < 9;
  if (flat !== undefined && !isOld) return [{ kind: 'eslint', file: flat }];
  const file = flat ?? legacy;
  if (file === undefined) return [];
  const reason = isOld ? `This project uses ESLint ${major}` : `${file} is a configuration of the old form (eslintrc)`;
  return [{ kind: 'old-eslint', file, reason: `${reason}; the plugin needs ESLint 9 or later with a flat configuration.` }];
}

/** The major version of the installed ESLint, else that of the range in `package.json`. */
function eslintMajor({ read }: ProjectFolder, manifest: RootManifest | undefined): number | undefined {
  const installed = parseJsonObject(read('node_modules/eslint/package.json') ?? '')?.['version'];
  if (typeof installed === 'string') return majorOf(installed);
  const range = manifest?.dependencies.get('eslint');
  return range?.startsWith('catalog:') ? majorOf(catalogRange(read('pnpm-workspace.yaml') ?? '', range) ?? '') : majorOf(range ?? '');
}

/** The lowest major version of a range, as `8` in `^8.57.0` and `npm:eslint@8`. Undefined for `latest` and `*`. */
function majorOf(range: string): number | undefined {
  const digits = /^(?:npm:[^@]+@)?[\^~>=v\s]*(\d+)/.exec(range)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The range that a pnpm catalog has for ESLint: `catalog:` is the default catalog, `catalog:name` a named one. */
function catalogRange(workspace: string, reference: string): string | undefined {
  const { parseDocument } = loadYaml('yaml');
  const document: unknown = parseDocument(workspace).toJS();
  if (!isObject(document)) return undefined;
  const name = reference.slice('catalog:'.length);
  const catalogs = document['catalogs'];
  const catalog = name === '' || name === 'default' ? document['catalog'] : isObject(catalogs) ? catalogs[name] : undefined;
  const range = isObject(catalog) ? catalog['eslint'] : undefined;
  return typeof range === 'string' ? range : undefined;
}

/** Loaded only for a catalog. */
const loadYaml: (id: 'yaml') => typeof Yaml = createRequire(import.meta.url);
