import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import type { SliceLimit } from '../slice/slice-limits.js';
import type { Stubs } from '../clients/stubs.js';
import { ClientCalls } from './client-calls.js';
import { findErrorModules } from './error-modules.js';
import { findStatementFiles } from './statement-files.js';
import { createStatementChecker } from './statement-program.js';
import { typedStubs } from './statement-stubs.js';

/** The code that runs statements, with types: the slice and the files that use a client. Made when a rule reads a fact about statements. */
export interface StatementCode {
  /** The files that are judged. */
  readonly sources: readonly TS.SourceFile[];
  /** These, and the modules that they import and that handle errors. */
  readonly errorSources: readonly TS.SourceFile[];
  readonly checker: TS.TypeChecker;
  readonly calls: ClientCalls;
  readonly isTest: (file: string) => boolean;
  /** The limit that ended the search for files, if one did. */
  readonly limits: readonly SliceLimit[];
}

/** All that the code is found by. */
export interface StatementSources {
  readonly project: Project;
  readonly seeds: ReadonlySet<string>;
  readonly slice: ReadonlySet<string>;
  readonly skippedFiles: ReadonlySet<string>;
  readonly isTest: (file: string) => boolean;
  /** Returns the syntax tree of a file, without types. */
  readonly parse: (file: string) => TS.SourceFile;
  readonly isClientPackage: (file: string, specifier: string) => boolean;
  /** The stubs of the model, whose clients have no types of results. */
  readonly stubs: Stubs;
  /** Returns the file of the project or the stub that an import means. */
  readonly resolve: (fromFile: string, specifier: string) => string | undefined;
  /** Whether the files that only pass a client on are read as well. Default: false. */
  readonly withPassing?: boolean;
}

/** Finds the files, and reads their types; undefined if no file runs statements: then TypeScript is not loaded. `factsOfProject` calls it once for each model. */
export function readStatementCode(input: StatementSources): StatementCode | undefined {
  const { project, slice, skippedFiles, isTest, stubs, resolve } = input;
  const trees = new Map<string, TS.SourceFile>();
  const parse = (file: string): TS.SourceFile => {
    const tree = trees.get(file) ?? input.parse(file);
    trees.set(file, tree);
    return tree;
  };
  const { files, limits } = findStatementFiles({ ...input, parse });
  if (files.size === 0) return undefined;
  const isRead = (file: string): boolean => !skippedFiles.has(file) && (files.has(file) || !isTest(file));
  const errorModules = findErrorModules(project, files, isTest);
  const read = new Map([...new Set([...slice, ...files, ...errorModules])].filter(isRead).map((file) => [file, parse(file)]));
  const checker = createStatementChecker({ trees: read, stubs: typedStubs(stubs), resolve });
  const among = (wanted: ReadonlySet<string>): TS.SourceFile[] => [...read].flatMap(([file, source]) => (wanted.has(file) ? [source] : []));
  return {
    sources: among(files),
    errorSources: among(new Set([...files, ...errorModules])),
    checker,
    calls: new ClientCalls(checker),
    isTest,
    limits,
  };
}
