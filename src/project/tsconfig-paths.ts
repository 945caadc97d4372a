import { posix } from 'node:path';
import type { TsConfigFiles } from './tsconfig-files.js';
import type { CompilerOptions } from './tsconfig-options.js';

/** Resolves specifiers by `paths`, `baseUrl` and `rootDirs` of the tsconfigs of a folder. */
export class TsConfigPaths {
  constructor(private readonly configs: TsConfigFiles) {}

  /** Returns candidate paths by `paths`, then by `baseUrl`, best first. They are absolute and need not exist. */
  candidates(fromFolder: string, specifier: string): string[] {
    return this.#optionsFor(fromFolder).flatMap((options) => [
      ...mappedCandidates(options, specifier),
      ...(options.baseUrl === undefined ? [] : [posix.join(options.baseUrl, specifier)]),
    ]);
  }

  /** Returns candidate paths by `paths` alone, best first. */
  mappedCandidates(fromFolder: string, specifier: string): string[] {
    return this.#optionsFor(fromFolder).flatMap((options) => mappedCandidates(options, specifier));
  }

  /** Returns the paths in the other `rootDirs` that a relative import may mean. They are absolute and need not exist. */
  rootDirCandidates(fromFolder: string, specifier: string): string[] {
    const path = posix.resolve(fromFolder, specifier);
    return this.#optionsFor(fromFolder).flatMap(({ rootDirs }) => {
      const own = rootDirs.filter((root) => path.startsWith(`${root}/`)).sort((a, b) => b.length - a.length)[0];
      return own === undefined ? [] : rootDirs.filter((root) => root !== own).map((root) => root + path.slice(own.length));
    });
  }

  /** The options of configurations that only may include the folder come last: what they map counts if nothing else does. */
  #optionsFor(folder: string): readonly CompilerOptions[] {
    const { own, others } = this.configs.of(folder);
    return others.length === 0 ? own : [...own, ...others];
  }
}

function mappedCandidates({ paths }: CompilerOptions, specifier: string): readonly string[] {
  const matches = [...paths].flatMap(([pattern, targets]) => {
    const [prefix = '', suffix] = pattern.split('*');
    if (suffix === undefined) return pattern === specifier ? [{ weight: Number.POSITIVE_INFINITY, targets }] : [];
    if (specifier.length < prefix.length + suffix.length || !specifier.startsWith(prefix) || !specifier.endsWith(suffix)) return [];
    const star = specifier.slice(prefix.length, specifier.length - suffix.length);
    return [{ weight: prefix.length, targets: targets.map((target) => target.replace('*', () => star)) }];
  });
  return matches.sort((a, b) => b.weight - a.weight)[0]?.targets ?? [];
}
