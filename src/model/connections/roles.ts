import type { Project } from '../../project/project.js';
import { exportedProviders } from '../clients/providers.js';
import type { SliceProgram } from '../slice/slice-program.js';

/** What a module is for, from the lowest layer to the highest: each may know those before it. */
export const layers = ['config', 'factory', 'manager', 'service', 'accessor'] as const;

export type Role = (typeof layers)[number];

/** What the settings say a module is; undefined where they say nothing of this role. */
export interface DeclaredRoles {
  readonly config: ((file: string) => boolean) | undefined;
  readonly factory: ((file: string) => boolean) | undefined;
  readonly service: ((file: string) => boolean) | undefined;
  readonly isTest: (file: string) => boolean;
}

/** What the code shows of it. */
export interface DetectedRoles {
  readonly factoryFiles: ReadonlySet<string>;
  readonly managerFiles: ReadonlySet<string>;
  readonly accessorFiles: ReadonlySet<string>;
}

/** Together they say that a module reads ClickHouse settings from the environment; who is handed them does without the first. */
const [environment, clickHouseVariable] = [/\b(?:process|import\.meta|Deno|Bun)\.env\b/, /\bCLICKHOUSE_[A-Z]/];

/** What a module is for: what the settings say, else what its code shows. Most are for nothing of this. */
export class Roles {
  readonly #known = new Map<string, readonly Role[]>();

  constructor(
    private readonly declared: DeclaredRoles,
    private readonly seen: DetectedRoles,
    private readonly project: Project,
    private readonly program: SliceProgram,
  ) {}

  of(file: string): readonly Role[] {
    const known = this.#known.get(file) ?? (this.declared.isTest(file) ? [] : layers.filter((role) => this.#has(role, file)));
    this.#known.set(file, known);
    return known;
  }

  #has(role: Role, file: string): boolean {
    const { declared, seen } = this;
    switch (role) {
      case 'config':
        return declared.config ? declared.config(file) : this.#readsEnvironment(this.project.text(file) ?? '');
      case 'factory':
        return declared.factory ? declared.factory(file) : seen.factoryFiles.has(file);
      case 'manager':
        return seen.managerFiles.has(file);
      case 'service':
        return declared.service?.(file) ?? false;
      case 'accessor':
        return seen.accessorFiles.has(file) || (!seen.factoryFiles.has(file) && !seen.managerFiles.has(file) && this.#givesClients(file));
    }
  }

  #readsEnvironment(text: string): boolean {
    return environment.test(text) && clickHouseVariable.test(text);
  }

  /** It exports something by which others ask for a client, as a factory and a manager do, too. */
  #givesClients(file: string): boolean {
    const source = this.program.sourceFile(file);
    return source !== undefined && exportedProviders(source, this.program.checker).length > 0;
  }
}
