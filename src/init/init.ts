import { posix, resolve } from 'node:path';
import type { createColors } from 'picocolors';
import type { AuditOutcome } from '../audit/audit.js';
import { findRoot } from '../project/find-root.js';
import { toPosix } from '../project/paths.js';
import { settingsFileName } from '../settings/load-settings.js';
import { type AuditFacts, factsOf } from './audit-facts.js';
import { decide } from './decide.js';
import { detectLinters } from './detect-linters.js';
import { detectPackageManager } from './detect-package-manager.js';
import { hasFactories, sanctionsIn } from './edit-settings.js';
import type { FileEdit } from './file-edit.js';
import { readGitState } from './git-state.js';
import { readRootManifest } from './package-json.js';
import { type InitPlan, planInit } from './plan.js';
import { openProjectFolder } from './project-folder.js';
import type { Prompts } from './prompts.js';
import { renderDiff } from './render-diff.js';
import { describeDecisions, describeManual, describeNext, describeProject } from './summary.js';
import { writeFiles } from './write-files.js';

/** How init runs, and what it runs with. */
export interface InitOptions {
  /** A folder of the project. */
  readonly folder: string;
  /** Whether to show the changes only. */
  readonly dryRun: boolean;
  /** Audits a root; keys of `override` replace those of its settings file. */
  readonly audit: (options: { readonly root: string; readonly override?: object }) => AuditOutcome;
  /** Unset: init asks nothing and writes what it proposes. */
  readonly prompts?: Prompts | undefined;
  readonly colors: ReturnType<typeof createColors>;
  /** Writes to standard output. */
  readonly write: (text: string) => void;
}

/** How a run of init ended. */
export type InitOutcome =
  { readonly kind: 'written' | 'unchanged' | 'declined' } | { readonly kind: 'error'; readonly problems: readonly string[] };

/** Sets up the project that a folder belongs to: settings, linter, script and CI. Shows all changes before it writes them. */
export async function init({ folder, dryRun, audit, prompts, colors, write }: InitOptions): Promise<InitOutcome> {
  const absolute = toPosix(resolve(folder));
  const root = findRoot(posix.join(absolute, 'file.ts'), absolute, settingsFileName);
  const outcome = audit({ root });
  if (outcome.kind === 'error') return { kind: 'error', problems: outcome.problems };
  const isOwn = (file: string) => !outcome.nestedRoots.some((nested) => file.startsWith(`${nested}/`));
  const facts = factsOf(outcome.result, isOwn);
  const project = openProjectFolder(root);
  const manifest = readRootManifest(project);
  const linters = detectLinters(project, manifest);
  const manager = await detectPackageManager(root, manifest?.isWorkspaceRoot === true);
  const git = readGitState(root);
  write(describeProject(root, linters.linters, manager.agent));
  if (outcome.nestedRoots.length > 0) write(`Projects of their own, for which init runs separately: ${outcome.nestedRoots.join(', ')}\n`);

  const settings = project.read(settingsFileName);
  const auditWith = (override: object): AuditFacts => {
    const next = audit({ root, override });
    return next.kind === 'done' ? factsOf(next.result, isOwn) : facts;
  };
  const decisions = await decide({ facts, hasFactories: hasFactories(settings), sanctioned: sanctionsIn(settings), auditWith, prompts });
  write(describeDecisions(facts, decisions, colors));
  const planned = planInit({ folder: project, manifest, linters, manager, git, ...decisions });
  const plan = await confirmCi(planned, prompts);
  write(describeManual(plan.manual, colors));
  if (plan.edits.length === 0) {
    write('Nothing to change: settings, linter, script and CI are set up.\n');
    return { kind: 'unchanged' };
  }
  write(describeUncommitted(git.uncommitted(plan.edits.map(({ file }) => file))));
  write(`${await renderDiff(plan.edits, colors)}\n`);
  if (dryRun) {
    write('Nothing was written: --dry-run.\n');
    return { kind: 'declined' };
  }
  if (prompts && !(await prompts.confirm('Write these changes?'))) {
    write('Nothing was written.\n');
    return { kind: 'declined' };
  }
  return finish(root, plan, write);
}

function finish(root: string, plan: InitPlan, write: (text: string) => void): InitOutcome {
  try {
    writeFiles(root, plan.edits);
  } catch (error) {
    return { kind: 'error', problems: [`Nothing was written: ${error instanceof Error ? error.message : String(error)}`] };
  }
  write(`Written: ${plan.edits.map(({ file }) => file).join(', ')}.\n${describeNext(plan)}`);
  return { kind: 'written' };
}

/** A step in CI affects other people, so it is a question of its own. */
async function confirmCi(plan: InitPlan, prompts: Prompts | undefined): Promise<InitPlan> {
  const { ciEdit } = plan;
  if (!prompts || !ciEdit || (await prompts.confirm(`Run the audit in CI, in ${ciEdit.file}?`))) return plan;
  return { ...plan, edits: plan.edits.filter((edit: FileEdit) => edit !== ciEdit) };
}

function describeUncommitted(files: readonly string[]): string {
  return files.length === 0 ? '' : `Uncommitted changes in: ${files.join(', ')}. The changes below come on top.\n`;
}
