import { posix } from 'node:path';
import { isBelow, relativeTo } from '../../project/paths.js';
import type { Project } from '../../project/project.js';

/**
 * The purpose of code, by its path and its importers. Only `production` code competes for the factory. `vendored` and `example` code is
 * not judged.
 */
export type CodeKind = 'production' | 'test' | 'script' | 'example' | 'vendored';

/** Folders of programs that run once or by hand. */
const scriptFolder = /(?:^|\/)(?:scripts?|migrations?|migrate|benchmarks?|bench|seeds?|playgrounds?)\//;

/** Folders of scripts, or of production code: the uses of their exports decide. */
const unclearFolder = /(?:^|\/)(?:tools?|tasks)\//;

/** Names of package scripts that run a program once. All others are taken for programs of their own. */
const onceScript = /migrat|seed|setup|init|backfill|import|export|bench|fix|generat|codegen|test|e2e|copy|script|check|lint/i;

const exampleFolder = /(?:^|\/)(?:examples?|demos?|samples?)\//;

/** Third-party code that is checked in. */
const vendoredFolder = /(?:^|\/)(?:\.[^/]+|vendor|third[-_]party)\//;

/** Configuration files of test runners: what they import serves tests. */
const testConfig = /(?:^|\/)(?:vitest|jest|playwright|cypress)(?:[.-][\w.-]+)?\.(?:config|workspace|setup)\.[cm]?[jt]s$/;

/** Tells the kinds of files apart. `isTest` is the setting `tests`. */
export class CodeKinds {
  #testRunners: readonly { readonly folder: string; readonly text: string }[] | undefined;

  constructor(
    private readonly project: Project,
    private readonly isTest: (file: string) => boolean,
  ) {}

  /** The kind of a file, by its path and by its importers. */
  of(file: string): CodeKind {
    const byPath = this.byPath(file);
    return byPath === 'production' && (this.#isHarness(file) || this.#isNamedByTestRunner(file)) ? 'test' : byPath;
  }

  /** The kind of a file by its path alone. */
  byPath(file: string): CodeKind {
    const path = relativeTo(this.project.root, file);
    if (this.isTest(file) || testConfig.test(path)) return 'test';
    if (vendoredFolder.test(path)) return 'vendored';
    if (exampleFolder.test(path)) return 'example';
    return scriptFolder.test(path) ? 'script' : 'production';
  }

  /** Whether the folder allows both: a script, or production code. */
  isUnclear(file: string): boolean {
    return unclearFolder.test(relativeTo(this.project.root, file));
  }

  /** Whether a configuration of a test runner names the file, as `globalSetup` does. */
  #isNamedByTestRunner(file: string): boolean {
    this.#testRunners ??= this.project
      .filesNamed(/^(?:vitest|jest|playwright|cypress).*\.[cm]?[jt]s$|^package\.json$/)
      .map((path) => ({ folder: posix.dirname(posix.join(this.project.root, path)), text: this.project.textOfAny(path) ?? '' }))
      .filter(({ text }) => /globalSetup|setupFiles/.test(text));
    return this.#testRunners.some(({ folder, text }) => isBelow(folder, file) && text.includes(stemOf(relativeTo(folder, file))));
  }

  /** Whether tests alone import the file. What a package exports is tested as well, and its users are elsewhere. */
  #isHarness(file: string): boolean {
    const importers = [...this.project.importersOf(file)];
    return importers.length > 0 && importers.every((importer) => this.byPath(importer) === 'test') && !isPackageEntry(this.project, file);
  }
}

/** Whether the manifest of the file's package names the file as what the package exports or runs: in `main`, `bin` or `exports`. */
export function isPackageEntry(project: Project, file: string): boolean {
  const owner = project.packageAt(file);
  if (!owner) return false;
  const { main, module, bin, exports } = owner.manifest;
  return [main, module, bin, exports].flatMap(strings).some((target) => isBuiltFrom(target, relativeTo(owner.folder, file)));
}

/** Whether a script of the file's package runs the file as a program: by its own name, or by that of the file it is built to. */
export function isStarted(project: Project, file: string): boolean {
  const owner = project.packageAt(file);
  const scripts = owner?.manifest.scripts;
  if (!owner || typeof scripts !== 'object' || scripts === null) return false;
  const source = relativeTo(owner.folder, file);
  return Object.entries(scripts).some(
    ([name, command]: [string, unknown]) => !onceScript.test(name) && typeof command === 'string' && runs(command, source),
  );
}

/** Whether the command names the source or what it is built to. `nest start` runs `src/main.ts`. */
function runs(command: string, source: string): boolean {
  if (/\bnest start\b/.test(command) && /(?:^|\/)main\.[cm]?[jt]s$/.test(source)) return true;
  return command.split(/[\s"'=]+/).some((word) => (word.includes('/') || /\.[cm]?[jt]sx?$/.test(word) ? isBuiltFrom(word, source) : false));
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** `dist/migrate.js` and `lib/migrate.js` can be built from `src/migrate.ts`. */
function isBuiltFrom(target: string, source: string): boolean {
  const withoutBuild = (path: string): string => stemOf(path).replace(/^(?:dist|build|lib|out|src)\/(?:(?:esm|cjs|src)\/)?/, '');
  return withoutBuild(target) === withoutBuild(source);
}

function stemOf(path: string): string {
  return posix.normalize(path).replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
}
