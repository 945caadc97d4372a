import { posix } from 'node:path';
import type { BuildOutput } from './tsconfig-options.js';
import type { ProjectPackage } from './workspace-packages.js';

/** The circumstances under which a manifest is read. */
export interface ExportContext {
  /** Conditions that the importer's tsconfig adds. They come first. */
  readonly conditions: readonly string[];
  /** The build output of the package, as its tsconfigs declare it. */
  readonly outputs: readonly BuildOutput[];
}

export const defaultContext: ExportContext = { conditions: [], outputs: [] };

/**
 * Returns candidate paths for the source of a module of a package in this project, as `@acme/db/client`, best first; some have no extension.
 * A resolver would return the file that the manifest names, and that is build output, which need not exist.
 */
export function sourceCandidates({ folder, manifest }: ProjectPackage, subpath: string, context = defaultContext): string[] {
  const { exports, source, types, module, main } = manifest;
  const exportKey = subpath === '' ? '.' : `./${subpath}`;
  const own = subpath === '' ? [source, types, module, main, manifest['react-native'], manifest.browser] : [];
  const targets = exports === undefined ? own : [...(subpath === '' ? [source] : []), ...exportTargets(exports, exportKey, context)];
  const entries = targets.filter((target) => typeof target === 'string').flatMap((target) => sourcesOf(target, folder, context));
  const guesses =
    subpath === '' ? ['src/index', 'index', 'src/main', 'lib/index'] : [...sourcesOf(subpath, folder, context), `src/${subpath}`];
  return [...entries, ...guesses].map((path) => posix.resolve(folder, path));
}

/** Returns candidate paths for the source of `#name` by the field `imports`, and the package specifiers that it stands for. */
export function internalTargets(
  { folder, manifest }: ProjectPackage,
  specifier: string,
  context = defaultContext,
): { readonly files: readonly string[]; readonly packages: readonly string[] } {
  const targets = conditionalTargets(manifest.imports, specifier, context).filter((target) => typeof target === 'string');
  const paths = targets.filter((target) => target.startsWith('.'));
  return {
    files: paths.flatMap((path) => sourcesOf(path, folder, context)).map((path) => posix.resolve(folder, path)),
    packages: targets.filter((target) => !target.startsWith('.')),
  };
}

/** The targets of a subpath in the `exports` field, under all conditions: each may lead to the source. */
function exportTargets(exports: unknown, subpath: string, context: ExportContext): unknown[] {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports) || !Object.keys(exports).some((key) => key.startsWith('.')))
    return subpath === '.' ? leaves(exports, context) : [];
  return conditionalTargets(exports, subpath, context);
}

/** The targets of a key in `exports` or `imports`. Of several patterns, the one with the longest prefix counts, as in Node.js. */
function conditionalTargets(field: unknown, key: string, context: ExportContext): unknown[] {
  if (typeof field !== 'object' || field === null) return [];
  const entries: [string, unknown][] = Object.entries(field);
  const exact = entries.find(([pattern]) => pattern === key);
  if (exact) return leaves(exact[1], context);
  const [best] = entries
    .flatMap(([written, target]) => {
      // A slash at the end is the older form of `/*`.
      const pattern = written.endsWith('/') ? `${written}*` : written;
      const [prefix = '', suffix] = pattern.split('*');
      const isMatch = suffix !== undefined && key.length >= pattern.length - 1 && key.startsWith(prefix) && key.endsWith(suffix);
      return isMatch ? [{ prefix, target, star: key.slice(prefix.length, key.length - suffix.length), isFolder: pattern !== written }] : [];
    })
    .sort((a, b) => b.prefix.length - a.prefix.length);
  if (!best) return [];
  const fill = (leaf: string) => (best.isFolder ? leaf + best.star : leaf.replaceAll('*', () => best.star));
  return leaves(best.target, context).map((leaf) => (typeof leaf === 'string' ? fill(leaf) : leaf));
}

/** Conditions of other run times than Node.js, and of styles: their targets come last. */
const otherRuntimes: ReadonlySet<string> = new Set([
  'browser',
  'bun',
  'deno',
  'edge-light',
  'electron',
  'react-native',
  'sass',
  'style',
  'worker',
  'workerd',
]);

/** The targets under all conditions: those that the importer's tsconfig adds first, those of other run times last. */
function leaves(target: unknown, context: ExportContext): unknown[] {
  if (typeof target !== 'object' || target === null) return [target];
  if (Array.isArray(target)) return target.flatMap((part) => leaves(part, context));
  const rank = (condition: string) => (context.conditions.includes(condition) ? 0 : otherRuntimes.has(condition) ? 2 : 1);
  return Object.entries(target)
    .sort(([one], [other]) => rank(one) - rank(other))
    .flatMap(([, part]) => leaves(part, context));
}

const builtFolder = /^(?:\.\/)?(?:dist|build|lib|out|esm|cjs)\/(?:(?:esm|cjs|es|node)\/)?/;

/** The sources that a built file may come from, below the package: `src/index` for `./dist/src/index.js` and `./build/index.js`. */
function sourcesOf(target: string, folder: string, { outputs }: ExportContext): string[] {
  const stem = withoutExtension(target);
  const declared = builtFrom(posix.resolve(folder, target), outputs).map((path) => posix.relative(folder, path));
  if (!builtFolder.test(stem)) return [target, ...declared, stem];
  const inside = stem.replace(builtFolder, '');
  return [target, ...declared, inside, posix.join('src', inside), stem];
}

/** Returns the candidate sources of a built file, without extension: `/app/src/a` for `/app/dist/a.js`, as the tsconfigs say. */
export function builtFrom(file: string, outputs: readonly BuildOutput[]): string[] {
  return outputs.flatMap(({ built, source }) => {
    if (built === source || !file.startsWith(`${built}/`)) return [];
    const inside = withoutExtension(file.slice(built.length + 1));
    return [posix.join(source, inside), posix.join(source, 'src', inside)];
  });
}

/** The folders of built files that need no declaration, below a package. */
export function usualOutputs(folder: string): BuildOutput[] {
  return ['dist', 'build', 'lib', 'out'].map((name) => ({ built: posix.join(folder, name), source: folder }));
}

function withoutExtension(path: string): string {
  return path.replace(/\.d\.[cm]?ts$|\.[cm]?[jt]sx?$/, '');
}
