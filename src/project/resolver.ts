import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as OxcResolver from 'oxc-resolver';
import { toPosix } from './paths.js';
import { TsConfigPaths } from './tsconfig-paths.js';
import { readWorkspaces, workspaceCandidates, type Workspaces } from './workspace-packages.js';

const typeScript = ['.ts', '.tsx', '.mts', '.cts'];
const extensions = [...typeScript, '.js', '.jsx', '.mjs', '.cjs'];

/** Synchronous, because rules are synchronous. */
const load: (id: 'oxc-resolver') => typeof OxcResolver = createRequire(import.meta.url);

/** Loads the resolver at the first resolution: a project without ClickHouse resolves nothing. */
function createOxcResolver(): OxcResolver.ResolverFactory {
  const { ResolverFactory } = load('oxc-resolver');
  return new ResolverFactory({
    extensions,
    extensionAlias: { '.js': ['.ts', '.tsx', '.js', '.jsx'], '.jsx': ['.tsx', '.jsx'], '.mjs': ['.mts', '.mjs'], '.cjs': ['.cts', '.cjs'] },
    conditionNames: ['source', 'types', 'import', 'require', 'node', 'default'],
    mainFields: ['source', 'module', 'main'],
    // A file keeps the path of the file list, also below a linked folder.
    symlinks: false,
  });
}

/** Resolves import specifiers to source files of the project. It does not need `node_modules`. */
export class Resolver {
  readonly workspaces: Workspaces;
  readonly #paths: TsConfigPaths;
  readonly #cached = new Map<string, string | undefined>();
  #oxc: OxcResolver.ResolverFactory | undefined;

  constructor(
    private readonly isSource: (file: string) => boolean,
    manifests: readonly string[],
    readText: (file: string) => string | undefined,
  ) {
    this.workspaces = readWorkspaces(manifests, readText);
    const configs = manifests.filter((file) => !file.endsWith('/package.json'));
    this.#paths = new TsConfigPaths(configs, readText, (name) => this.workspaces.packages.get(name)?.folder);
  }

  /** Returns the source file of the project that a specifier means in a file; undefined for any other target. */
  resolve(fromFile: string, specifier: string): string | undefined {
    const folder = posix.dirname(fromFile);
    const key = `${folder}\0${specifier}`;
    if (this.#cached.has(key)) return this.#cached.get(key);
    const result = this.#resolve(folder, specifier);
    this.#cached.set(key, result);
    return result;
  }

  #resolve(folder: string, specifier: string): string | undefined {
    if (isPath(specifier)) return this.#resolveSource(folder, specifier);
    if (specifier.startsWith('node:')) return undefined;
    return (
      this.#first(folder, this.#paths.candidates(folder, specifier)) ??
      this.#first(folder, workspaceCandidates(this.workspaces.packages, specifier)) ??
      this.#resolveSource(folder, specifier)
    );
  }

  #first(folder: string, candidates: readonly string[]): string | undefined {
    for (const candidate of candidates) {
      const found = this.#resolveSource(folder, candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #resolveSource(folder: string, request: string): string | undefined {
    const { path } = (this.#oxc ??= createOxcResolver()).sync(folder, request);
    // The resolver fails on any request while a manifest is invalid, and it does not see files that were never saved.
    if (path === undefined) return isPath(request) ? this.#findByExtension(posix.resolve(folder, request)) : undefined;
    const file = toPosix(path);
    return this.isSource(file) ? file : undefined;
  }

  #findByExtension(path: string): string | undefined {
    const stem = path.replace(/\.[cm]?jsx?$/, '');
    const stems = [stem, posix.join(path, 'index')];
    return [path, ...stems.flatMap((candidate) => extensions.map((extension) => candidate + extension))].find((candidate) =>
      this.isSource(candidate),
    );
  }
}

function isPath(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..';
}
