import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import type { SliceLimit } from '../slice/slice-limits.js';
import type { SliceProgram } from '../slice/slice-program.js';
import { loadSlice } from '../slice/slice.js';
import { ClientCalls } from './client-calls.js';
import { findErrorModules } from './error-modules.js';
import { findStatementFiles } from './statement-files.js';

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
  /** Returns the program of the files with the types of results. The program of the slice stays as it is. */
  readonly openProgram: () => SliceProgram;
}

/** Finds the files, and loads them into their program. `factsOfProject` calls it once for each model. */
export function readStatementCode(input: StatementSources): StatementCode {
  const { project, slice, skippedFiles, isTest } = input;
  const { files, limits } = findStatementFiles(input);
  const program = input.openProgram();
  const isRead = (file: string): boolean => !skippedFiles.has(file) && (files.has(file) || !isTest(file));
  const errorModules = findErrorModules(project, files, isTest);
  loadSlice(project, program, [...new Set([...slice, ...files, ...errorModules])].filter(isRead));
  const { checker } = program;
  return {
    sources: program.sourceFiles([...files].filter(isRead)),
    errorSources: program.sourceFiles([...new Set([...files, ...errorModules])].filter(isRead)),
    checker,
    calls: new ClientCalls(checker),
    isTest,
    limits,
  };
}
