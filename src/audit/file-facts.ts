import { posix } from 'node:path';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { readsEnvironment } from '../model/connections/roles.js';
import { type CodeKind, CodeKinds } from '../model/factories/code-kinds.js';
import { deployableFinder } from '../model/factories/deployables.js';
import { hasSourceExtension, isSourcePath } from '../project/list-files.js';
import { relativeTo } from '../project/paths.js';
import { generatedMarkOf } from '../project/is-generated.js';
import { matcherOf } from '../settings/globs.js';

/** Whether the analysis reads a file. `unlisted`: git ignores the file, or without git its folder is left out. */
export type FileStatus =
  | { readonly kind: 'analysed' | 'other-language' | 'build-output' | 'unlisted' | 'unreadable' | 'minified' }
  | { readonly kind: 'vendored'; readonly globs: readonly string[] }
  | { readonly kind: 'generated'; readonly mark: string };

/** The facts about a file of a project that need no model. Paths are relative to the root. */
export interface FileFacts {
  readonly file: string;
  readonly status: FileStatus;
  /** The kind of the code. */
  readonly codeKind: CodeKind;
  /** Why it is that, as a clause. */
  readonly codeKindReason: string;
  /** Whether the settings or its text make it a module that reads ClickHouse settings from the environment. */
  readonly configuration: 'declared' | 'inferred' | undefined;
  /** Whether the setting `service` names it. */
  readonly isService: boolean;
  /** The deployables whose code imports it, directly or not, without tests. `.` is the root. */
  readonly deployables: readonly string[];
  /** The files that it imports. */
  readonly imports: readonly string[];
  /** The number of files that import it. */
  readonly importers: number;
}

/** Returns what a project knows of a file. `path` is relative to its root. `explain` calls it. */
export function readFileFacts({ project, settings }: ProjectAnalysis, path: string): FileFacts {
  const file = posix.join(project.root, path);
  const pathOf = (absolute: string): string => relativeTo(project.root, absolute) || '.';
  const isTestPath = matcherOf(settings.tests);
  const kinds = new CodeKinds(project, (absolute) => isTestPath(pathOf(absolute)));
  const isSource = project.sources.has(file);
  const codeKind = isSource ? kinds.of(file) : kinds.byPath(file);
  const deployableOf = deployableFinder(project);
  const loading = isSource ? [...reachedFrom(file, (next) => project.importersOf(next))] : [];
  const isTest = codeKind === 'test';
  return {
    file: path,
    status: statusOf(),
    codeKind,
    codeKindReason: kindReason(codeKind, kinds.byPath(file)),
    configuration: isTest ? undefined : configurationOf(),
    isService: matcherOf(settings.service)(path),
    deployables: [...new Set(loading.filter((other) => kinds.byPath(other) !== 'test').map(deployableOf))].map(pathOf).sort(),
    imports: isSource ? [...project.importsOf(file)].map(pathOf).sort() : [],
    importers: isSource ? project.importersOf(file).size : 0,
  };

  function configurationOf(): FileFacts['configuration'] {
    if (settings.config.length > 0) return matcherOf(settings.config)(path) ? 'declared' : undefined;
    return project.ask(file, readsEnvironment) === '' ? undefined : 'inferred';
  }

  function statusOf(): FileStatus {
    const globs = settings.vendored.filter((glob) => matcherOf([glob])(path));
    if (!hasSourceExtension(path)) return { kind: 'other-language' };
    if (globs.length > 0) return { kind: 'vendored', globs };
    if (!isSource) return { kind: isSourcePath(path) ? 'unlisted' : 'build-output' };
    if (project.unreadable.includes(file)) return { kind: 'unreadable' };
    if (project.isAnalysed(file)) return { kind: 'analysed' };
    const mark = generatedMarkOf(project.textOfAny(path) ?? '');
    return mark === undefined ? { kind: 'minified' } : { kind: 'generated', mark };
  }
}

/** Returns the file and everything that is reached from it. */
function reachedFrom(file: string, next: (file: string) => Iterable<string>): Set<string> {
  const found = new Set([file]);
  for (const reached of found) for (const target of next(reached)) found.add(target);
  return found;
}

function kindReason(kind: CodeKind, byPath: CodeKind): string {
  switch (kind) {
    case 'test':
      return byPath === 'test'
        ? 'the setting "tests" matches it, or it configures a test runner'
        : 'tests alone import it, or the configuration of a test runner names it';
    case 'script':
      return 'it is in a folder of scripts';
    case 'example':
      return 'it is in a folder of examples';
    case 'vendored':
      return 'it is in a folder of third-party code, or in one whose name begins with a dot';
    case 'production':
      return 'its path and its importers show nothing else';
  }
}
