import { posix } from 'node:path';
import type { createColors } from 'picocolors';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { settingsFileName } from '../settings/load-settings.js';
import { planChecked, readOnDisk } from './check-plan.js';
import { collectPlaces } from './collect-places.js';
import { type MigrationPlan, planMigration } from './plan.js';
import type { Proposal, ProposalInput } from './proposal.js';
import { describeNumbers, describeTargets } from './report.js';
import type { Parse } from './rewrite/parse.js';
import { leftCodeOf } from './rewrite/place.js';
import { auditStep } from './runtime/next-steps.js';
import { settleFactories } from './settle-factories.js';

/** Proposes to move the constructions outside of the factory into it. Undefined if there are none. */
export function proposeFactory(
  analysis: ProjectAnalysis,
  parse: Parse,
  { factory, includesTests }: ProposalInput,
  colors: ReturnType<typeof createColors>,
): Proposal | undefined {
  const { project } = analysis;
  const places = collectPlaces(analysis, includesTests);
  if (places.outside.length === 0) return undefined;
  const checked = planChecked({
    project,
    plan: (excluded) => planMigration({ project, places, parse, factory, excluded }),
    causesOf: (plan, file) => causesOf(plan, file, project.root),
    // A factory that only gets a further function gives its importers nothing new.
    isExtended: ({ targets }, file) => targets.some((target) => target.file === file && target.change.kind === 'edit'),
  });
  const { plan } = checked;
  const outcome = settleFactories(analysis, plan, includesTests, readOnDisk(posix.join(project.root, settingsFileName)));
  return {
    head: describeTargets(plan.targets, project, colors),
    // The settings follow the new modules: an entry that names no module would be an error.
    edits: [...plan.edits, ...(outcome.settings ? [outcome.settings] : [])],
    left: plan.leftovers.map(leftCodeOf),
    summary: describeNumbers('Constructions outside of the factory', places.outside.length, outcome.outside, checked),
    next: [
      auditStep(
        plan.edits.map(({ file }) => posix.join(project.root, file)),
        project,
      ),
    ],
    updates: [],
    missing: checked.missing,
  };
}

/** An error in a new module, or in a file that imports an edited one, is the fault of what moved. */
function causesOf(plan: MigrationPlan, file: string, root: string): readonly string[] {
  const target = plan.targets.find((candidate) => candidate.file === file);
  const isEdited = plan.edits.some((edit) => posix.join(root, edit.file) === file);
  if (!target && isEdited) return [file];
  return (target ? [target] : plan.targets).flatMap(({ moved }) => moved.map((place) => place.file));
}
