import type { PackageManager } from './detect-package-manager.js';
import { addWorkflowStep, runsAudit } from './edit-workflow.js';
import { type EditOutcome, editOf } from '../edits/file-edit.js';
import { gitLabStep, newWorkflow, workflowFile } from './new-ci-step.js';
import type { ProjectFolder } from './project-folder.js';

/** The command that runs the audit. */
export interface CiCommands {
  /** In a workflow of GitHub. */
  readonly inWorkflow: string;
  readonly elsewhere: string;
}

/** The facts that decide the step in CI. */
export interface CiFacts {
  readonly folder: ProjectFolder;
  /** Unset: the root has no `package.json`, so nothing is installed. */
  readonly manager: PackageManager | undefined;
  readonly commands: CiCommands;
  /** Name of the script in `package.json`. */
  readonly script: string;
  /** Whether the repository is on GitHub, though it has no workflow. */
  readonly isOnGitHub: boolean;
}

/** Plans the step in CI: in a workflow that fits, else in a workflow of its own, else as lines to add by hand. */
export function planCi({ folder, manager, commands, script, isOnGitHub }: CiFacts): EditOutcome {
  const texts = folder.files
    .filter((file) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file))
    .flatMap((file) => {
      const text = folder.read(file);
      return text === undefined ? [] : [{ file, text }];
    });
  const gitLab = folder.files.find((file) => /^\.gitlab-ci\.ya?ml$/.test(file));
  const gitLabText = gitLab === undefined ? undefined : folder.read(gitLab);
  if ([...texts.map(({ text }) => text), gitLabText ?? ''].some((text) => runsAudit(text, script))) return { kind: 'unchanged' };
  const added = texts.map(({ file, text }) => addWorkflowStep(file, text, commands.inWorkflow)).find(({ kind }) => kind === 'edit');
  if (added) return added;
  if (texts.length > 0 || isOnGitHub) return editOf(workflowFile, undefined, newWorkflow(manager, commands.inWorkflow));
  if (gitLab !== undefined) return { kind: 'manual', step: gitLabStep(gitLab, manager, commands.elsewhere) };
  return {
    kind: 'manual',
    step: {
      where: 'CI',
      reason: 'No workflow of GitHub or GitLab was found.',
      lines: [...(manager ? [manager.install] : []), commands.elsewhere],
    },
  };
}
