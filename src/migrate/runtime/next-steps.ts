import { posix } from 'node:path';
import { runtimePackage } from '../../model/clients/client-packages.js';
import type { Project } from '../../project/project.js';

/** Returns the commands that install the runtime in each package with one of the files. Empty if all packages have it. */
export async function installSteps(files: readonly string[], project: Project): Promise<string[]> {
  const folders = new Set<string>();
  for (const file of files) {
    const owner = project.packageAt(file);
    if (!owner?.dependencies.has(runtimePackage)) folders.add(owner?.folder ?? project.root);
  }
  const packages = [runtimePackage, '@clickhouse/client@latest'];
  return Promise.all([...folders].sort().map((folder) => installCommandIn(folder, packages, project.root)));
}

/** Returns the command that audits the packages with the files: their folders, if the project has several packages. */
export function auditStep(files: readonly string[], project: Project): string {
  const command = 'npx clickhouse-ssot audit';
  const folders = new Set(files.map((file) => posix.relative(project.root, project.packageAt(file)?.folder ?? project.root)));
  if (project.allPackages.length < 2 || folders.has('')) return command;
  return [command, ...[...folders].sort().map(quoted)].join(' ');
}

/** Returns the command that adds packages in a folder of the project; without packages the one that installs what is declared there. */
export async function installCommandIn(folder: string, packages: readonly string[], root: string): Promise<string> {
  const { detect, resolveCommand } = await import('package-manager-detector');
  const found = await detect({ cwd: folder, stopDir: root });
  const { command, args } = resolveCommand(found?.agent ?? 'npm', packages.length === 0 ? 'install' : 'add', [...packages]) ?? {
    command: 'npm',
    args: ['install', ...packages],
  };
  const relative = posix.relative(root, folder);
  const line = [command, ...args].join(' ');
  return relative === '' ? line : `(cd ${quoted(relative)} && ${line})`;
}

function quoted(path: string): string {
  return /^[\w./@-]+$/.test(path) ? path : `'${path}'`;
}
