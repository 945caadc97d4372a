import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import type { createColors } from 'picocolors';
import type { AuditOutcome } from '../audit/audit.js';
import { applyBaseline, baselineFileName, createBaseline } from '../audit/baseline/apply-baseline.js';
import { findRoot } from '../project/find-root.js';
import { toPosix } from '../project/paths.js';
import { settingsFileName } from '../settings/load-settings.js';
import { type AuditFacts, factsOf } from './audit-facts.js';
import { decide } from './decide.js';
import { detectLinters } from './detect-linters.js';
import { detectPackageManager } from './detect-package-manager.js';
import { hasFactories, sanctionsIn } from '../edits/edit-settings.js';
import { readGitState } from '../edits/git-state.js';
import { readRootManifest } from './package-json.js';
import { type InitPlan, planInit } from './plan.js';
import type { CiChoice, CiKind } from './plan-ci.js';
import { openProjectFolder } from './project-folder.js';
import type { Prompts } from './prompts.js';
import { renderDiff } from '../edits/render-diff.js';
import { describeDecisions, describeManual, describeNext, describeProject } from './summary.js';
import { writeFiles } from '../edits/write-files.js';

/** How init runs, and what it runs with. */
export interface InitOptions {
  /** A folder of the project. */
  readonly folder: string;
  /** Whether the findings of today go to a baseline instead of becoming exceptions. */
  readonly baseline: boolean;
  /** What the audit does in CI. Unset: the user is asked, or without prompts what fits. */
  readonly ci?: CiKind | 'none' | undefined;
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
export async function init({ folder, baseline, ci, dryRun, audit, prompts, colors, write }: InitOptions): Promise<InitOutcome> {
  const absolute = toPosix(resolve(folder));
  const root = findRoot(posix.join(absolute, 'file.ts'), absolute, settingsFileName);
  const first = auditAgainstBaseline(root, audit);
  if (first.kind === 'error') return first;
  const { facts, nestedRoots } = first;
  const project = openProjectFolder(root);
  const manifest = readRootManifest(project);
  const linters = detectLinters(project, manifest);
  const manager = await detectPackageManager(project, manifest?.isWorkspaceRoot === true);
  const git = readGitState(root);
  write(describeProject(root, linters.linters, manager.agent));
  if (nestedRoots.length > 0) write(`Projects of their own, for which init runs separately: ${nestedRoots.join(', ')}\n`);

  const settings = project.read(settingsFileName);
  const auditWith = (override: object): AuditFacts => {
    const next = auditAgainstBaseline(root, audit, override);
    return next.kind === 'done' ? next.facts : facts;
  };
  const hasBaseline = existsSync(posix.join(root, baselineFileName));
  const decided = await decide({
    facts,
    hasFactories: hasFactories(settings),
    sanctioned: sanctionsIn(settings),
    auditWith,
    usesBaseline: baseline,
    prompts,
  });
  const created = baseline && !hasBaseline ? decided.remaining : [];
  const decisions = { ...decided, remaining: decided.remaining.filter((finding) => !created.includes(finding)) };
  const planned = planInit({
    folder: project,
    manifest,
    linters,
    manager,
    git,
    ...decisions,
    usesBaseline: baseline || hasBaseline,
    baseline: baseline && !hasBaseline ? createBaseline(created) : undefined,
    ci,
  });
  write(describeDecisions(facts, { ...decisions, created }, colors));
  const plan = await withCi(planned, ci === undefined ? prompts : undefined);
  write(describeManual(plan.manual, colors));
  if (plan.edits.length === 0) {
    write(
      plan.manual.length > 0
        ? 'Nothing to change in files. Check the steps by hand above.\n'
        : 'Nothing to change: the project is set up.\n',
    );
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

type AuditedFacts =
  | { readonly kind: 'done'; readonly facts: AuditFacts; readonly nestedRoots: readonly string[] }
  | { readonly kind: 'error'; readonly problems: readonly string[] };

/** Audits a root. Findings that a baseline in the root knows are none. */
function auditAgainstBaseline(root: string, audit: InitOptions['audit'], override?: object): AuditedFacts {
  const outcome = audit({ root, ...(override === undefined ? {} : { override }) });
  if (outcome.kind === 'error') return outcome;
  const { result, nestedRoots } = outcome;
  const path = posix.join(root, baselineFileName);
  const compared = existsSync(path)
    ? applyBaseline([result], { path, mode: 'compare', audited: [root], includesTests: false })
    : { kind: 'done' as const, results: [result] };
  if (compared.kind === 'error') return { kind: 'error', problems: [compared.problem] };
  const isOwn = (file: string) => !nestedRoots.some((nested) => file.startsWith(`${nested}/`));
  return { kind: 'done', facts: factsOf(compared.results[0] ?? result, isOwn), nestedRoots };
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

/** A step in CI affects other people, so it is a question of its own. Without prompts the proposed choice is taken. */
async function withCi(plan: InitPlan, prompts: Prompts | undefined): Promise<InitPlan> {
  const [proposed] = plan.ciChoices;
  if (!proposed) return plan;
  const chosen = prompts ? await chooseCi(plan.ciChoices, prompts) : proposed;
  return chosen ? { ...plan, edits: [...plan.edits, chosen.edit] } : plan;
}

async function chooseCi(choices: readonly CiChoice[], prompts: Prompts): Promise<CiChoice | undefined> {
  const answer = await prompts.select('Run the audit in CI?', [
    ...choices.map(({ kind, edit }) => ({ value: kind, label: `Yes, ${ciEffects[kind]}, in ${edit.file}` })),
    { value: 'none', label: 'No' },
  ]);
  return choices.find(({ kind }) => kind === answer);
}

const ciEffects: Readonly<Record<CiKind, string>> = {
  check: 'with annotations',
  report: 'with annotations, a comment on pull requests, code scanning and the HTML report',
};

function describeUncommitted(files: readonly string[]): string {
  return files.length === 0 ? '' : `Uncommitted changes in: ${files.join(', ')}. The changes below come on top.\n`;
}
