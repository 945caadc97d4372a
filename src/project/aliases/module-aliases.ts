import { posix } from 'node:path';
import type { Alias } from './alias.js';
import { aliasesIn } from './alias-config.js';

const configFile =
  /(?:^|\/)(?:[\w.-]+\.config(?:\.[\w-]+)*\.(?:[cm]?[jt]s|json)|(?:vite|vitest|webpack|rollup|esbuild|build|jest)(?:[.-][\w.-]+)?\.(?:[cm]?[jt]s|json)|\.babelrc(?:\.json|\.[cm]?js)?|\.umirc\.[jt]s|config-overrides\.js|\.storybook\/main\.[cm]?[jt]s)$/;

/** Folders that hold the configuration of the folder above them. */
const configFolder = /\/(?:build|config|configs|scripts|webpack|\.config|\.storybook)$/;

/** Whether a bundler, a test runner or a compiler reads the file, and it can have aliases. */
export function isAliasConfig(path: string): boolean {
  return configFile.test(path);
}

/** Replaces specifiers as the bundlers, test runners and compilers of the project do, by the configuration files beside the code. */
export class ModuleAliases {
  readonly #scopes: readonly { readonly folder: string; readonly file: string }[];
  readonly #read = new Map<string, readonly Alias[]>();
  readonly #byFolder = new Map<string, readonly Alias[]>();

  constructor(
    manifests: readonly string[],
    private readonly readText: (file: string) => string | undefined,
    private readonly packageAt: (file: string) => { readonly folder: string } | undefined,
  ) {
    const files = manifests.filter((file) => isAliasConfig(file) || file.endsWith('/package.json'));
    this.#scopes = files.map((file) => ({ folder: this.#scopeOf(file), file })).sort((a, b) => b.folder.length - a.folder.length);
  }

  /** Returns what the specifier may be replaced by, best first: absolute paths and package specifiers. */
  candidates(fromFolder: string, specifier: string): string[] {
    return this.#aliasesFor(fromFolder).flatMap(({ pattern, target }) => {
      const candidate = pattern.test(specifier) ? specifier.replace(pattern, target) : specifier;
      return candidate === specifier ? [] : [candidate];
    });
  }

  /** All names that are replaced, as pairs of name and target. */
  get entries(): readonly (readonly [name: string, target: string])[] {
    return this.#scopes
      .flatMap(({ file }) => this.#aliasesIn(file))
      .flatMap(({ name, target }) => (name === undefined ? [] : [[name, target] as const]));
  }

  /** The rules of all configuration files around the folder, nearest first. */
  #aliasesFor(folder: string): readonly Alias[] {
    const cached = this.#byFolder.get(folder);
    if (cached) return cached;
    const around = this.#scopes.filter((scope) => scope.folder === folder || folder.startsWith(`${scope.folder}/`));
    const aliases = around.flatMap(({ file }) => this.#aliasesIn(file));
    this.#byFolder.set(folder, aliases);
    return aliases;
  }

  #aliasesIn(file: string): readonly Alias[] {
    const cached = this.#read.get(file);
    if (cached) return cached;
    const aliases = aliasesIn({ file, text: this.readText(file) ?? '', cwd: this.#scopeOf(file) });
    this.#read.set(file, aliases);
    return aliases;
  }

  #scopeOf(file: string): string {
    const folder = posix.dirname(file);
    return this.packageAt(file)?.folder ?? (configFolder.test(folder) ? posix.dirname(folder) : folder);
  }
}
