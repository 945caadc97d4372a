import { posix } from 'node:path';

/** The options of a tsconfig as it or its bases declare them, each with the folder of the file that declares it. */
export type DeclaredOptions = Readonly<Record<string, { readonly value: unknown; readonly folder: string }>>;

/** The compiler options that are read, with inherited ones. All paths are absolute. */
export interface CompilerOptions {
  /** Targets by pattern. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  readonly baseUrl: string | undefined;
  /** Folders that count as one for relative imports. */
  readonly rootDirs: readonly string[];
  /** Endings of file names before the extension, best first. Empty if the option is not set. */
  readonly moduleSuffixes: readonly string[];
  readonly customConditions: readonly string[];
  /** The folder of the build output, and the folder of the sources that it is built from. */
  readonly output: BuildOutput | undefined;
  /** Whether an option that changes the meaning of specifiers is set. */
  readonly isMapping: boolean;
  /** Returns the value of any other option. */
  readonly value: (name: string) => unknown;
}

/** A folder of built files, and the folder of their sources. Both are absolute. */
export interface BuildOutput {
  readonly built: string;
  readonly source: string;
}

/** Returns the options in typed form. A value of a wrong type counts as not set. `configDir` is what `${configDir}` stands for. */
export function compilerOptionsOf(declared: DeclaredOptions, configDir: string): CompilerOptions {
  const absolute = (folder: string, path: string) =>
    posix.resolve(
      folder,
      path.replace(/^\$\{configDir\}/, () => configDir),
    );
  const path = (name: string): string | undefined => {
    const option = declared[name];
    return typeof option?.value === 'string' ? absolute(option.folder, option.value) : undefined;
  };
  const baseUrl = path('baseUrl');
  const paths = declared['paths'];
  const anchor = baseUrl ?? paths?.folder ?? configDir;
  const rootDirs = strings(declared['rootDirs']?.value).map((folder) => absolute(declared['rootDirs']?.folder ?? configDir, folder));
  const moduleSuffixes = strings(declared['moduleSuffixes']?.value);
  const patterns = Object.entries(isRecord(paths?.value) ? paths.value : {}).filter(([, targets]) => Array.isArray(targets));
  const built = path('outDir');
  return {
    paths: new Map(patterns.map(([pattern, targets]) => [pattern, strings(targets).map((target) => absolute(anchor, target))])),
    baseUrl,
    rootDirs,
    moduleSuffixes,
    customConditions: strings(declared['customConditions']?.value),
    output: built === undefined ? undefined : { built, source: path('rootDir') ?? configDir },
    isMapping: patterns.length > 0 || baseUrl !== undefined || rootDirs.length > 0 || moduleSuffixes.length > 0,
    value: (name) => declared[name]?.value,
  };
}

/** Returns the strings of a list; none if the value is no list. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Whether the value is an object with fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
