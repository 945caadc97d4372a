import type { PackageManager } from './detect-package-manager.js';

/** How a job in CI installs the project and runs the audit. */
export interface AuditJob {
  /** Unset: the root has no `package.json`, so nothing is installed. */
  readonly manager: Pick<PackageManager, 'agent' | 'isPinned' | 'install'> | undefined;
  /** Returns the command that runs the audit with these arguments. */
  readonly audit: (args: readonly string[]) => string;
}

const checkout = '- uses: actions/checkout@v4';
const setupNode = '- uses: actions/setup-node@v4\n  with:\n    node-version: 22';
const setupPnpm = '- uses: pnpm/action-setup@v4';
const corepack = 'corepack enable';

/** Whether the steps are known that set a package manager up on a machine in CI. */
export function canSetUp({ agent }: Pick<PackageManager, 'agent'>): boolean {
  return ['npm', 'yarn', 'yarn@berry', 'pnpm', 'pnpm@6', 'bun', 'deno'].includes(agent);
}

/**
 * Returns the first steps of a GitHub workflow, each as lines of YAML: checkout, programs and installation. `depth` is the number of
 * commits to fetch. Default: 1.
 */
export function setupSteps({ manager }: AuditJob, depth?: number): readonly string[] {
  return [
    depth === undefined ? checkout : `${checkout}\n  with:\n    fetch-depth: ${depth}`,
    ...(manager ? [...programSteps(manager), `- run: ${manager.install}`] : [setupNode]),
  ];
}

function programSteps({ agent, isPinned }: NonNullable<AuditJob['manager']>): readonly string[] {
  if (agent === 'bun') return ['- uses: oven-sh/setup-bun@v2', setupNode];
  if (agent === 'deno') return ['- uses: denoland/setup-deno@v2', setupNode];
  if (agent.startsWith('pnpm')) return [isPinned ? setupPnpm : `${setupPnpm}\n  with:\n    version: latest`, setupNode];
  return agent === 'yarn@berry' ? [setupNode, `- run: ${corepack}`] : [setupNode];
}

/** Returns the first commands of a job in an image of Node.js, which has npm, yarn 1 and corepack: programs and installation. */
export function setupCommands({ manager }: AuditJob): readonly string[] {
  return manager ? [...programCommands(manager), manager.install] : [];
}

function programCommands({ agent, isPinned }: NonNullable<AuditJob['manager']>): readonly string[] {
  if (agent === 'bun' || agent === 'deno') return [`npm install --global ${agent}`];
  if (agent.startsWith('pnpm')) return [isPinned ? corepack : 'npm install --global pnpm'];
  return agent === 'yarn@berry' ? [corepack] : [];
}

/** Puts an indentation before each line of the texts. */
export function indented(texts: readonly string[], indent: string): string {
  return texts.flatMap((text) => text.split('\n').map((line) => `${indent}${line}`)).join('\n');
}
