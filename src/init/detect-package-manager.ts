import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from 'package-manager-detector';

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
  /** The command that installs exactly what the lockfile names. */
  readonly install: string;
}

/** Detects the package manager by the field `packageManager`, else by the lockfile. Default: npm. */
export async function detectPackageManager(root: string, isWorkspaceRoot: boolean): Promise<PackageManager> {
  const { detect, resolveCommand } = await import('package-manager-detector');
  const found = await detect({ cwd: root, stopDir: root });
  const agent = agentOf(root, found?.agent);
  const commandOf = (command: 'add' | 'run' | 'frozen', args: readonly string[]): string => {
    const resolved = resolveCommand(agent, command, [...args]);
    return resolved ? [resolved.command, ...resolved.args].join(' ') : ['npm', command, ...args].join(' ');
  };
  return {
    agent,
    isPinned: found?.version !== undefined,
    hasNodeModules: !existsSync(join(root, '.pnp.cjs')),
    add: (packages) => commandOf('add', ['-D', ...(isWorkspaceRoot ? workspaceRootFlag(agent) : []), ...packages]),
    run: (args) => commandOf('run', args),
    install: hasLockfile(root, agent) ? commandOf('frozen', []) : 'npm install',
  };
}

/** A yarn configuration file belongs to yarn 2 or later, also without the field `packageManager`. */
function agentOf(root: string, found: Agent | undefined): Agent {
  if (found === 'yarn' && existsSync(join(root, '.yarnrc.yml'))) return 'yarn@berry';
  return found ?? 'npm';
}

/** Without a lockfile `npm ci` fails. */
function hasLockfile(root: string, agent: Agent): boolean {
  return agent !== 'npm' || ['package-lock.json', 'npm-shrinkwrap.json'].some((name) => existsSync(join(root, name)));
}

/** pnpm and yarn 1 refuse to add a package to the root of a workspace without this flag. */
function workspaceRootFlag(agent: Agent): string[] {
  if (agent === 'pnpm' || agent === 'pnpm@6') return ['-w'];
  return agent === 'yarn' ? ['-W'] : [];
}
