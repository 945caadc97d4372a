import { annotationArguments, annotationWorkflow } from './annotation-workflow.js';
import { type AuditJob, canSetUp } from './audit-job.js';
import { addWorkflowStep, runsAudit } from './edit-workflow.js';
import type { FileEdit, ManualStep } from '../edits/file-edit.js';
import { gitLabCheckJob, gitLabMergeRequestJob } from './gitlab-job.js';
import type { ProjectFolder } from './project-folder.js';
import { pullRequestWorkflow } from './pull-request-workflow.js';

/** What the audit does in CI. `check`: it annotates its findings and fails. `report`: it also comments, and uploads its reports. */
export type CiKind = 'check' | 'report';

/** A change that runs the audit in CI. */
export interface CiChoice {
  readonly kind: CiKind;
  readonly edit: FileEdit;
}

/** The changes to choose from, the proposed one first, or what the user does by hand. No choice: CI needs no change. */
export type CiPlan =
  { readonly kind: 'choices'; readonly choices: readonly CiChoice[] } | { readonly kind: 'manual'; readonly step: ManualStep };

/** The facts that decide the step in CI. */
export interface CiFacts {
  readonly folder: ProjectFolder;
  readonly job: AuditJob;
  /** Name of the script in `package.json`. */
  readonly script: string;
  /** Whether the repository is on GitHub, though it has no workflow. */
  readonly isOnGitHub: boolean;
  /** What the user asked for. Unset: a step in a job that lints, else the reports. */
  readonly wanted?: CiKind | undefined;
}

/** The workflow file that init creates. */
const workflowFile = '.github/workflows/clickhouse-ssot.yml';

interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** Plans the step in CI: in a workflow that fits, else in a workflow of its own, else as lines to add by hand. */
export function planCi(facts: CiFacts): CiPlan {
  const { folder, job, script, isOnGitHub, wanted } = facts;
  const workflows = textsOf(folder, /^\.github\/workflows\/[^/]+\.ya?ml$/);
  const gitLab = textsOf(folder, /^\.gitlab-ci\.ya?ml$/);
  const running = [...workflows, ...gitLab].filter(({ text }) => runsAudit(text, script));
  if (running.some(({ text }) => wanted !== 'report' || text.includes('--format markdown='))) return { kind: 'choices', choices: [] };
  if (workflows.length > 0 || isOnGitHub) return planGitHub(workflows, facts);
  const [configuration] = gitLab;
  if (configuration) return { kind: 'manual', step: gitLabStep(configuration.file, job, wanted) };
  const lines = [...(job.manager ? [job.manager.install] : []), job.audit([])];
  return { kind: 'manual', step: { where: 'CI', reason: 'No workflow of GitHub or GitLab was found.', lines } };
}

function planGitHub(workflows: readonly TextFile[], { job, wanted }: CiFacts): CiPlan {
  const [step] = workflows.flatMap(({ file, text }) => {
    const outcome = addWorkflowStep(file, text, job.audit(annotationArguments));
    return outcome.kind === 'edit' ? [outcome.edit] : [];
  });
  const obstacle = obstacleTo(workflows, job, wanted);
  const inOwnFile = (kind: CiKind, after: string): CiChoice[] => (obstacle ? [] : [{ kind, edit: { file: workflowFile, after } }]);
  const report = inOwnFile('report', pullRequestWorkflow(job));
  const check = inOwnFile('check', annotationWorkflow(job));
  const all: readonly CiChoice[] = step ? [{ kind: 'check', edit: step }, ...report] : [...report, ...check];
  const choices = all.filter(({ kind }) => wanted === undefined || kind === wanted);
  return obstacle && choices.length === 0 ? { kind: 'manual', step: obstacle } : { kind: 'choices', choices };
}

/** Returns why init cannot write a workflow of its own, with what to do; undefined if it can. */
function obstacleTo(workflows: readonly TextFile[], job: AuditJob, wanted: CiKind | undefined): ManualStep | undefined {
  const where = workflowFile;
  if (workflows.some(({ file }) => file === workflowFile))
    return {
      where,
      reason: 'The file exists, and init does not replace a workflow. Move it away, then run init again.',
      lines: [`npx clickhouse-ssot init${wanted === undefined ? '' : ` --ci ${wanted}`}`],
    };
  if (!job.manager || canSetUp(job.manager)) return undefined;
  const { agent, install } = job.manager;
  return { where, reason: `The step that sets up ${agent} is not known.`, lines: [install, job.audit(annotationArguments)] };
}

/** The file may include others, so init does not change it. */
function gitLabStep(file: string, job: AuditJob, wanted: CiKind | undefined): ManualStep {
  const isReport = wanted === 'report';
  const more = isReport ? '' : ' With `--ci report`, the job also comments on merge requests and keeps the reports.';
  return {
    where: file,
    reason: `The stages of this file are not known.${more}`,
    lines: (isReport ? gitLabMergeRequestJob(job) : gitLabCheckJob(job)).trimEnd().split('\n'),
  };
}

function textsOf({ files, read }: ProjectFolder, pattern: RegExp): readonly TextFile[] {
  return files.flatMap((file) => {
    const text = pattern.test(file) ? read(file) : undefined;
    return text === undefined ? [] : [{ file, text }];
  });
}
