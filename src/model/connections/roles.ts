import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import { exportsProvider } from '../clients/exported-providers.js';
import type { SliceProgram } from '../slice/slice-program.js';
import { fileNamesOf } from '../typescript/syntax.js';
import type { Accessor } from './accessors.js';
import type { Construction } from './constructions.js';
import type { Manager } from './managers.js';

/** The layers of connection modules, lowest first: a module may import modules of its own layer and of those below. */
export const layers = ['config', 'factory', 'manager', 'service', 'accessor'] as const;

/** What a module is for. */
export type Role = (typeof layers)[number];

/** The roles that the user declared. A property is undefined if the user declared nothing about that role. */
export interface DeclaredRoles {
  /** Whether the file reads ClickHouse settings from the environment. */
  readonly config: ((file: string) => boolean) | undefined;
  /** Whether the file may construct clients. */
  readonly factory: ((file: string) => boolean) | undefined;
  /** Whether the file contains the service interface or one of its implementations. */
  readonly service: ((file: string) => boolean) | undefined;
  /** Whether the file is a test. A test has no role. */
  readonly isTest: (file: string) => boolean;
}

/** What the code shows about the roles of files. */
export interface DetectedRoles {
  readonly factoryFiles: ReadonlySet<string>;
  readonly managerFiles: ReadonlySet<string>;
  readonly accessorFiles: ReadonlySet<string>;
}

/** Returns the files that construct clients, manage them and declare accessors. `buildModel` calls it. */
export function detectedRoles(
  constructions: readonly Construction[],
  managers: readonly Manager[],
  accessors: readonly Accessor[],
): DetectedRoles {
  return {
    factoryFiles: new Set(constructions.map(({ span }) => span.file)),
    managerFiles: fileNamesOf(managers.flatMap(({ callables }) => callables)),
    accessorFiles: fileNamesOf(accessors.map(({ callable }) => callable)),
  };
}

/**
 * A module that contains both reads ClickHouse settings from the environment. One that only gets them passed contains the second alone.
 * `{ ...process.env }` passes the environment on, to a child process for example. It reads no variable.
 */
export const readsEnvironment: TextQuestion = {
  kind: 'matches',
  parts: ['CLICKHOUSE_'],
  patterns: [patternText(/\b(?:process|import\.meta|Deno|Bun)\.env\b/), patternText(/\bCLICKHOUSE_[A-Z]/)],
  without: patternText(/\.\.\.\s*(?:process|import\.meta|Deno|Bun)\.env\b(?!\s*[.[?])/),
};

/**
 * The roles of modules: as the settings declare them, else as the code shows them. `buildModel` creates it. The search for import cycles and
 * the messages about them use it.
 */
export class Roles {
  readonly #cached = new Map<string, readonly Role[]>();

  constructor(
    private readonly declared: DeclaredRoles,
    private readonly detected: DetectedRoles,
    private readonly project: Project,
    private readonly program: SliceProgram,
  ) {}

  /** Returns the roles of a file, lowest layer first; none for most files. */
  of(file: string): readonly Role[] {
    const roles = this.#cached.get(file) ?? (this.declared.isTest(file) ? [] : layers.filter((role) => this.#has(role, file)));
    // The model outlives edits of files outside the slice.
    if (this.program.sourceFile(file)) this.#cached.set(file, roles);
    return roles;
  }

  #has(role: Role, file: string): boolean {
    const { declared, detected } = this;
    switch (role) {
      case 'config':
        return declared.config ? declared.config(file) : this.project.ask(file, readsEnvironment) !== '';
      case 'factory':
        return declared.factory ? declared.factory(file) : detected.factoryFiles.has(file);
      case 'manager':
        return detected.managerFiles.has(file);
      case 'service':
        return declared.service?.(file) ?? false;
      case 'accessor':
        return (
          detected.accessorFiles.has(file) ||
          (!detected.factoryFiles.has(file) && !detected.managerFiles.has(file) && this.#exportsProvider(file))
        );
    }
  }

  #exportsProvider(file: string): boolean {
    const source = this.program.sourceFile(file);
    return source !== undefined && exportsProvider(source, this.program.checker, 'public');
  }
}
