import { type AuditJob, indented, setupSteps } from './audit-job.js';

/** The reports that the later steps use, and the annotations. Only findings that the base branch does not have fail the audit. */
const reportArguments = [
  '--since',
  'HEAD^1',
  ...['github', 'sarif=ssot.sarif', 'markdown=ssot.md', 'html=ssot.html'].flatMap((format) => ['--format', format]),
];

/** Returns the GitHub workflow that annotates a pull request, comments on it, uploads to code scanning and keeps the HTML report. */
export function pullRequestWorkflow(job: AuditJob): string {
  const steps = [...setupSteps(job, 2), ...(job.manager ? [cacheStep] : []), `- run: ${job.audit(reportArguments)}`];
  return `name: clickhouse-ssot on pull requests

on: [pull_request]

permissions:
  contents: read
  pull-requests: write
  security-events: write

jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
${indented([...steps, ...publishSteps], '      ')}
`;
}

/** Behind the installation, because `npm ci` deletes `node_modules`. */
const cacheStep = `- uses: actions/cache@v4
  with:
    path: node_modules/.cache/clickhouse-ssot
    key: clickhouse-ssot-\${{ github.sha }}
    restore-keys: clickhouse-ssot-`;

/** They also run if the audit found something, and not if it could not run. */
const publishSteps = [
  `- if: \${{ !cancelled() && hashFiles('ssot.md') != '' }}
  run: cat ssot.md >> "$GITHUB_STEP_SUMMARY"`,
  `- if: \${{ !cancelled() && hashFiles('ssot.sarif') != '' }}
  run: jq 'del(.runs[].results[] | select(.suppressions != []))' ssot.sarif > upload.sarif`,
  // Without code scanning the upload fails, and so would the job.
  `# Public repositories have code scanning. In a private one that has it too, remove the last condition.
- if: \${{ !cancelled() && hashFiles('upload.sarif') != '' && !github.event.repository.private }}
  uses: github/codeql-action/upload-sarif@v3
  with:
    sarif_file: upload.sarif
    category: clickhouse-ssot`,
  `- if: \${{ !cancelled() }}
  uses: actions/upload-artifact@v4
  with:
    name: clickhouse-ssot
    path: |
      ssot.html
      ssot.md
      ssot.sarif`,
  `- if: \${{ !cancelled() && hashFiles('ssot.md') != '' && github.event.pull_request.head.repo.full_name == github.repository }}
  env:
    GH_TOKEN: \${{ github.token }}
    NUMBER: \${{ github.event.number }}
  run: |
    comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
    id=$(gh api "$comments" --paginate --jq '.[] | select(.user.login == "github-actions[bot]" and (.body | startswith("<!-- clickhouse-ssot -->"))) | .id' | head -n 1)
    if [ -n "$id" ]; then
      gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@ssot.md --silent
    else
      gh api --method POST "$comments" --field body=@ssot.md --silent
    fi`,
];
