import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from 'package-manager-detector';
import type { ProjectFolder } from './project-folder.js';

/** The package manager of a project, and its commands. */
export interface PackageManager {
  /** As in `npm`, `yarn` or `yarn@berry`. */
  readonly agent: Agent;
  /** Whether `package.json` names the version, so that CI needs none. */
  readonly isPinned: boolean;
  /** Whether packages lie in `node_modules`. False for yarn with Plug'n'Play. */
  readonly hasNodeModules: boolean;
  /** Returns the command that adds packages to the root as development dependencies. */
  readonly add: (packages: readonly string[]) => string;
  /** Returns the command that runs a script of the root: its name, then its arguments. */
  readonly run: (args: readonly string[]) => string;
  /** The command that installs exactly what the lockfile names; without a lockfile in the repository, what `package.json` names. */
  readonly install: string;
}

/** Detects the package manager by the field `packageManager`, else by the lockfile. Default: npm. */
export async function detectPackageManager({ root, files }: ProjectFolder, isWorkspaceRoot: boolean): Promise<PackageManager> {
  const { detect, resolveCommand } = await import('package-manager-detector');
  const found = await detect({ cwd: root, stopDir: root });
  const agent = agentOf(root, found?.agent);
  // A lockfile that git ignores is not in CI.
  const isLocked = lockfiles[agent]?.some((name) => files.includes(name)) ?? true;
  const commandOf = (command: 'add' | 'run' | 'frozen' | 'install', args: readonly string[]): string => {
    const resolved = resolveCommand(agent, command, [...args]);
    return resolved ? [resolved.command, ...resolved.args].join(' ') : ['npm', command, ...args].join(' ');
  };
  return {
    agent,
    isPinned: found?.version !== undefined,
    hasNodeModules: !existsSync(join(root, '.pnp.cjs')),
    add: (packages) => commandOf('add', ['-D', ...(isWorkspaceRoot ? workspaceRootFlag(agent) : []), ...packages]),
    run: (args) => commandOf('run', args),
    install: isLocked ? commandOf('frozen', []) : commandOf('install', unlockedArguments[agent] ?? []),
  };
}

/** A yarn configuration file belongs to yarn 2 or later, also without the field `packageManager`. */
function agentOf(root: string, found: Agent | undefined): Agent {
  if (found === 'yarn' && existsSync(join(root, '.yarnrc.yml'))) return 'yarn@berry';
  return found ?? 'npm';
}

/** Without its lockfile, the command for an exact installation fails. */
const lockfiles: Partial<Readonly<Record<Agent, readonly string[]>>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  yarn: ['yarn.lock'],
  'yarn@berry': ['yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  'pnpm@6': ['pnpm-lock.yaml'],
  bun: ['bun.lock', 'bun.lockb'],
  deno: ['deno.lock'],
};

/** In CI these refuse to write a lockfile by default. */
const unlockedArguments: Partial<Readonly<Record<Agent, readonly string[]>>> = {
  pnpm: ['--no-frozen-lockfile'],
  'pnpm@6': ['--no-frozen-lockfile'],
  'yarn@berry': ['--no-immutable'],
};

/** pnpm and yarn 1 refuse to add a package to the root of a workspace without this flag. */
function workspaceRootFlag(agent: Agent): string[] {
  if (agent === 'pnpm' || agent === 'pnpm@6') return ['-w'];
  return agent === 'yarn' ? ['-W'] : [];
}
