import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';

/** The modules of a project as syntax trees, without types. */
export interface SourceModules {
  /** Returns the syntax tree of a file of the project; the same one at each call. */
  readonly parse: (file: string) => TS.SourceFile;
  /** Returns the source file of the project that a specifier means in a file. */
  readonly resolve: (fromFile: string, specifier: string) => string | undefined;
}

/** Returns the modules of a project. Each file is parsed at most once, so that its nodes can be compared. */
export function sourceModules(project: Project, parse: (file: string) => TS.SourceFile): SourceModules {
  const parsed = new Map<string, TS.SourceFile>();
  return {
    parse: (file) => {
      const source = parsed.get(file) ?? parse(file);
      parsed.set(file, source);
      return source;
    },
    resolve: (fromFile, specifier) => project.resolve(fromFile, specifier),
  };
}
