import { type AuditJob, indented, setupSteps } from './audit-job.js';

/** The arguments with which findings become annotations of GitHub. */
export const annotationArguments = ['--format', 'github'];

/** Returns the GitHub workflow that runs the audit on each pull request and on the default branch, and annotates the findings. */
export function annotationWorkflow(job: AuditJob): string {
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
${indented([...setupSteps(job), `- run: ${job.audit(annotationArguments)}`], '      ')}
`;
}
