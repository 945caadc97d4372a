import type { PackageManager } from './detect-package-manager.js';
import type { ManualStep } from '../edits/file-edit.js';

/** The workflow file that init creates. */
export const workflowFile = '.github/workflows/clickhouse-ssot.yml';

/** Returns a GitHub workflow that installs the project and runs the audit. */
export function newWorkflow(manager: PackageManager | undefined, command: string): string {
  const steps = [...(manager ? [...setupSteps(manager), `- run: ${manager.install}`] : [setupNode]), `- run: ${command}`];
  return `name: clickhouse-ssot

on:
  pull_request:
  push:
    branches: [main, master]

permissions:
  contents: read

jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${steps.flatMap((step) => step.split('\n').map((line) => `      ${line}`)).join('\n')}
`;
}

const setupNode = '- uses: actions/setup-node@v4\n  with:\n    node-version: 22';

function setupSteps({ agent, isPinned }: PackageManager): string[] {
  if (agent === 'bun') return ['- uses: oven-sh/setup-bun@v2', setupNode];
  if (agent === 'deno') return ['- uses: denoland/setup-deno@v2', setupNode];
  if (agent.startsWith('pnpm')) return [`- uses: pnpm/action-setup@v4${isPinned ? '' : '\n  with:\n    version: latest'}`, setupNode];
  return agent === 'yarn@berry' ? [setupNode, '- run: corepack enable'] : [setupNode];
}

/** Returns the job for GitLab. Its file may include others, so init does not change it. */
export function gitLabStep(file: string, manager: PackageManager | undefined, command: string): ManualStep {
  return {
    where: file,
    reason: 'The stages of this file are not known.',
    lines: ['clickhouse-ssot:', '  image: node:22', '  script:', ...(manager ? [`    - ${manager.install}`] : []), `    - ${command}`],
  };
}
