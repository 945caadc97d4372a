import { posix } from 'node:path';
import type { createColors } from 'picocolors';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { runtimePackage } from '../model/clients/client-packages.js';
import { withoutBom } from '../project/document-store.js';
import type { Project } from '../project/project.js';
import { planChecked } from './check-plan.js';
import { collectRuntimePlaces } from './collect-places.js';
import type { Proposal, ProposalInput } from './proposal.js';
import { count, describeNumbers } from './report.js';
import type { Parse } from './rewrite/parse.js';
import { auditStep, installSteps } from './runtime/next-steps.js';
import { modulesOnRuntime, planRuntimeMigration, type RuntimePlan } from './runtime/plan-runtime.js';
import { requiredUpdates } from './runtime/requirements.js';
import { runtimeDeclarations } from './runtime/runtime-declarations.js';
import { ValueTypes } from './types/value-types.js';

/** Proposes to take each client from the runtime, where it is constructed today. Undefined if there is nothing to do. */
export async function proposeRuntime(
  analysis: ProjectAnalysis,
  parse: Parse,
  { includesTests }: ProposalInput,
  colors: ReturnType<typeof createColors>,
): Promise<Proposal | undefined> {
  const { project } = analysis;
  const places = collectRuntimePlaces(analysis, includesTests);
  if (places.length === 0 && modulesOnRuntime({ project, parse }).length === 0) return undefined;
  const types = new ValueTypes();
  const failures = analysis.model.failureHandling();
  const checked = planChecked({
    project,
    plan: (excluded) => planRuntimeMigration({ project, parse, types, places, failures, excluded }),
    causesOf: (plan, file) => causesOf(plan, file, project),
    isExtended: () => false,
    standIn: { package: runtimePackage, text: runtimeDeclarations },
  });
  const { plan } = checked;
  if (places.length === 0 && plan.edits.length === 0 && plan.left.length === 0) return undefined;
  const edited = plan.edits.map(({ file }) => posix.join(project.root, file));
  const importing = plan.edits.filter(({ after }) => after.includes(runtimePackage)).map(({ file }) => posix.join(project.root, file));
  const install = await installSteps(importing, project);
  for (const { file, after } of plan.edits) analysis.open(posix.join(project.root, file), withoutBom(after));
  const after = collectRuntimePlaces(analysis, includesTests).length;
  return {
    head: describeRuntime(plan, colors),
    edits: plan.edits,
    left: plan.left,
    summary: describeNumbers('Constructions without the runtime', places.length, after, checked),
    next: [...install, auditStep(edited, project)],
    updates: await requiredUpdates([...places.map(({ file }) => file), ...importing, ...modulesOnRuntime({ project, parse })], project),
    missing: checked.missing,
  };
}

function describeRuntime({ moved, usesEnvironment }: RuntimePlan, colors: ReturnType<typeof createColors>): string {
  if (moved.length === 0) return '';
  const files = new Set(moved.map(({ file }) => file)).size;
  const head = `${colors.bold(runtimePackage)}: for ${count(moved.length, 'construction')} in ${count(files, 'file')}.\n`;
  const note =
    '  `clickHouse()` reads the same variables. Without CLICKHOUSE_URL it uses the embedded engine in development and test, and is refused elsewhere.\n';
  return usesEnvironment ? head + note : head;
}

/** An error in a file that is not edited is the fault of the edited files that it imports, or of all. */
function causesOf({ edits }: RuntimePlan, file: string, project: Project): readonly string[] {
  const edited = edits.map((edit) => posix.join(project.root, edit.file));
  if (edited.includes(file)) return [file];
  const imported = edited.filter((other) => project.importsOf(file).has(other));
  return imported.length > 0 ? imported : edited;
}
