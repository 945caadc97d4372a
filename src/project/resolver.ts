import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as OxcResolver from 'oxc-resolver';
import { toPosix } from './paths.js';
import { TsConfigPaths } from './tsconfig-paths.js';
import { readWorkspaces, workspaceCandidates, type Workspaces } from './workspace-packages.js';

const typeScript = ['.ts', '.tsx', '.mts', '.cts'];
const extensions = [...typeScript, '.js', '.jsx', '.mjs', '.cjs'];

/** Synchronous, because rules are. */
const load: (id: 'oxc-resolver') => typeof OxcResolver = createRequire(import.meta.url);

/** Loaded when something is to be resolved: who never mentions ClickHouse has nothing to resolve. */
function makeOxcResolver(): OxcResolver.ResolverFactory {
  const { ResolverFactory } = load('oxc-resolver');
  return new ResolverFactory({
    extensions,
    extensionAlias: { '.js': ['.ts', '.tsx', '.js', '.jsx'], '.jsx': ['.tsx', '.jsx'], '.mjs': ['.mts', '.mjs'], '.cjs': ['.cts', '.cjs'] },
    conditionNames: ['source', 'types', 'import', 'require', 'node', 'default'],
    mainFields: ['source', 'module', 'main'],
    // Files keep the names they are listed by, also below a linked folder.
    symlinks: false,
  });
}

/** Answers what file of the project an import means, with or without `node_modules`. */
export class Resolver {
  readonly workspaces: Workspaces;
  readonly #paths: TsConfigPaths;
  readonly #answers = new Map<string, string | undefined>();
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

  /** The source file of this project that the specifier means in that file; undefined for everything else. */
  resolve(fromFile: string, specifier: string): string | undefined {
    const folder = posix.dirname(fromFile);
    const key = `${folder}\0${specifier}`;
    if (this.#answers.has(key)) return this.#answers.get(key);
    const answer = this.#resolve(folder, specifier);
    this.#answers.set(key, answer);
    return answer;
  }

  #resolve(folder: string, specifier: string): string | undefined {
    if (isPath(specifier)) return this.#ask(folder, specifier);
    if (specifier.startsWith('node:')) return undefined;
    return (
      this.#first(folder, this.#paths.candidates(folder, specifier)) ??
      this.#first(folder, workspaceCandidates(this.workspaces.packages, specifier)) ??
      this.#ask(folder, specifier)
    );
  }

  #first(folder: string, candidates: readonly string[]): string | undefined {
    for (const candidate of candidates) {
      const found = this.#ask(folder, candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #ask(folder: string, request: string): string | undefined {
    const { path } = (this.#oxc ??= makeOxcResolver()).sync(folder, request);
    // A manifest that is half-typed stops the resolver, whatever it was asked; and it knows no file that has never been saved.
    if (path === undefined) return isPath(request) ? this.#probe(posix.resolve(folder, request)) : undefined;
    const file = toPosix(path);
    return this.isSource(file) ? file : undefined;
  }

  #probe(path: string): string | undefined {
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
