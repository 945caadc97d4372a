import type { Project } from '../project/project.js';
import type { Trace } from '../trace/trace.js';
import type { Stubs } from './clients/stubs.js';
import type { ModelSettings } from './model.js';
import type { SeedFiles } from './slice/seed-files.js';
import type { SliceProgram } from './slice/slice-program.js';
import type { StatementCode } from './statements/statement-code.js';

/** All that a model is built from. */
export interface ModelInput {
  readonly project: Project;
  readonly settings: ModelSettings;
  /** Declarations of the client packages. */
  readonly stubs: Stubs;
  /** Decides which files are seeds of the slice. */
  readonly seedFiles: SeedFiles;
  /** Returns the program of the slice. It is called only if there is a seed: loading TypeScript takes a third of a second. */
  readonly openProgram: () => SliceProgram;
  /** Returns the file of the project or the stub that an import means. */
  readonly resolve: (fromFile: string, specifier: string) => string | undefined;
  /** Returns the code that runs statements: what `read` returned before, unless an edit can have changed it. */
  readonly keepStatementCode: (read: () => StatementCode | undefined) => StatementCode | undefined;
  /** Whether a specifier means a client, or the runtime, in a file. */
  readonly isClientPackage: (file: string, specifier: string) => boolean;
  /** Files that are left out because they overflow the stack. */
  readonly skippedFiles: ReadonlySet<string>;
  readonly trace: Trace;
}
