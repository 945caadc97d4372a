import { type AuditJob, indented, setupCommands } from './audit-job.js';

/** Returns the job for GitLab that runs the audit and fails if it has findings. */
export function gitLabCheckJob(job: AuditJob): string {
  return `clickhouse-ssot:
  image: node:22
  script:
${indented(scriptOf(job, []), '    ')}
`;
}

const reportArguments = [
  '--since',
  '"$CI_MERGE_REQUEST_DIFF_BASE_SHA"',
  ...['text', 'junit=ssot.xml', 'sarif=ssot.sarif', 'markdown=ssot.md', 'html=ssot.html'].flatMap((format) => ['--format', format]),
];

/** Returns the job for GitLab that lists the findings in a merge request, comments on it and keeps the reports. */
export function gitLabMergeRequestJob(job: AuditJob): string {
  return `clickhouse-ssot:
  image: node:22
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: 0
    CLICKHOUSE_SSOT_CACHE: $CI_PROJECT_DIR/.clickhouse-ssot-cache
  cache:
    key: clickhouse-ssot
    paths:
      - .clickhouse-ssot-cache
  script:
${indented(scriptOf(job, reportArguments), '    ')}
  after_script:
    - |
      if [ -z "$SSOT_COMMENT_TOKEN" ] || [ ! -f ssot.md ]; then exit 0; fi
      notes="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
      ask() { curl --silent --show-error --fail --header "PRIVATE-TOKEN: $SSOT_COMMENT_TOKEN" "$@"; }
      id=$(ask "$notes?per_page=100" | node -p 'JSON.parse(fs.readFileSync(0, "utf8")).find(({ body }) => body.startsWith("<!-- clickhouse-ssot -->"))?.id ?? ""')
      if [ -n "$id" ]; then
        ask --request PUT --form "body=<ssot.md" "$notes/$id" --output /dev/null
      else
        ask --request POST --form "body=<ssot.md" "$notes" --output /dev/null
      fi
  artifacts:
    when: always
    paths:
      - ssot.html
      - ssot.md
      - ssot.sarif
    reports:
      junit: ssot.xml
`;
}

function scriptOf(job: AuditJob, args: readonly string[]): readonly string[] {
  return [...setupCommands(job), job.audit(args)].map((command) => `- ${command}`);
}
