import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type * as OxcResolver from 'oxc-resolver';
import { realPath, toPosix } from './paths.js';

const typeScript = ['.ts', '.tsx', '.mts', '.cts'];
const extensions = [...typeScript, '.js', '.jsx', '.mjs', '.cjs'];

/** The extensions of sources that an extension of a built file may stand for. */
const extensionAlias: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};

/** A request that names a file or folder. One that ends with a slash names a folder. */
const isPath = /^(?:\.{1,2}\/|\/).*[^/.]$/;
const anyExtension = /\.\w+$/;

/** Synchronous, because rules are synchronous. */
const load: (id: 'oxc-resolver') => typeof OxcResolver = createRequire(import.meta.url);

/** Finds the source file for a path or a package name: it adds extensions and index files, and follows links. */
export class SourceFinder {
  /** One resolver for each list of suffixes. They are loaded at the first resolution: a project without ClickHouse resolves nothing. */
  readonly #resolvers = new Map<string, OxcResolver.ResolverFactory>();
  #byLowerCase: ReadonlyMap<string, string> | undefined;

  /** `suffixesOf` returns the endings of file names before the extension that count in a folder. */
  constructor(
    private readonly sources: ReadonlySet<string>,
    private readonly suffixesOf: (folder: string) => readonly string[],
  ) {}

  /** Finds a path. A bundler's query behind the file name, as in `./worker.ts?url`, is ignored. A module is a URL: `%20` is a space. */
  findPath(folder: string, specifier: string): string | undefined {
    const found = this.find(folder, specifier);
    if (found !== undefined) return found;
    const query = specifier.search(/[?#]/);
    const path = query > 0 ? specifier.slice(0, query) : specifier;
    return this.#variants(path)
      .map((variant) => this.find(folder, variant))
      .find((file) => file !== undefined);
  }

  /** Finds a path or a package from a folder. */
  find(folder: string, request: string): string | undefined {
    const listed = this.#findListed(folder, request);
    if (listed !== undefined) return listed;
    const { path } = this.#resolverFor(folder).sync(folder, request);
    // The resolver fails on any request while a manifest is invalid, and it does not see files that were never saved.
    if (path === undefined)
      return posix.isAbsolute(request) || request.startsWith('.') ? this.#findByExtension(posix.resolve(folder, request)) : undefined;
    return this.#sourceAt(toPosix(path));
  }

  /** Finds a file whose path differs in upper and lower case only: most disks of developers do not tell them apart. */
  findIgnoringCase(path: string): string | undefined {
    this.#byLowerCase ??= new Map([...this.sources].map((file) => [file.toLowerCase(), file]));
    const lowerCase = this.#byLowerCase;
    const found = pathsFor(path.toLowerCase()).find((candidate) => lowerCase.has(candidate));
    return found === undefined ? undefined : lowerCase.get(found);
  }

  /** Finds a file by the file list alone. A system call for each candidate takes most of the time of a resolution. */
  #findListed(folder: string, request: string): string | undefined {
    if (!isPath.test(request)) return undefined;
    const path = posix.resolve(folder, request);
    const [extension = ''] = anyExtension.exec(path) ?? [];
    const builtFrom = extensionAlias[extension];
    if (!builtFrom && this.sources.has(path)) return path;
    const stem = builtFrom ? path.slice(0, -extension.length) : path;
    for (const suffix of this.suffixesOf(folder))
      for (const ending of builtFrom ?? extensions) {
        const file = stem + suffix + ending;
        if (this.sources.has(file)) return file;
      }
    return undefined;
  }

  /** The path without percent signs, and the path itself if it had a query. */
  #variants(path: string): string[] {
    try {
      return [...new Set([path, decodeURIComponent(path)])];
    } catch {
      return [path];
    }
  }

  /** A file keeps the path of the file list. A path through a link means the file that the link leads to. */
  #sourceAt(file: string): string | undefined {
    if (this.sources.has(file)) return file;
    const target = realPath(file);
    return target !== file && this.sources.has(target) ? target : undefined;
  }

  #findByExtension(path: string): string | undefined {
    return pathsFor(path).find((candidate) => this.sources.has(candidate));
  }

  #resolverFor(folder: string): OxcResolver.ResolverFactory {
    const suffixes = this.suffixesOf(folder);
    const key = suffixes.join(' ');
    const resolver = this.#resolvers.get(key) ?? createResolver(suffixes);
    this.#resolvers.set(key, resolver);
    return resolver;
  }
}

function createResolver(suffixes: readonly string[]): OxcResolver.ResolverFactory {
  const { ResolverFactory } = load('oxc-resolver');
  const withSuffixes = (endings: readonly string[]) => suffixes.flatMap((suffix) => endings.map((ending) => suffix + ending));
  return new ResolverFactory({
    extensions: withSuffixes(extensions),
    extensionAlias: Object.fromEntries(Object.entries(extensionAlias).map(([built, sources]) => [built, withSuffixes(sources)])),
    conditionNames: ['source', 'types', 'import', 'require', 'node', 'default'],
    mainFields: ['source', 'module', 'main'],
    symlinks: false,
  });
}

/** The paths of the files that a path without extension, or with that of a built file, may mean. */
function pathsFor(path: string): string[] {
  const stem = path.replace(/\.[cm]?jsx?$/, '');
  const stems = [stem, posix.join(path, 'index')];
  return [path, ...stems.flatMap((candidate) => extensions.map((extension) => candidate + extension))];
}
