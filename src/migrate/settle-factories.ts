import { posix } from 'node:path';
import { describeConstructions } from '../audit/describe-constructions.js';
import { describeFactories } from '../audit/describe-factories.js';
import type { FileEdit } from '../edits/file-edit.js';
import { changeJson, parseJsonObject, writeJson } from '../edits/json-text.js';
import { ProjectAnalysis } from '../engine/project-analysis.js';
import { withoutBom } from '../project/document-store.js';
import { readSettings, settingsFileName } from '../settings/load-settings.js';
import type { MigrationPlan } from './plan.js';

/** The result of a plan: the constructions outside of the factory after it, and the edit of the settings that it needs. */
export interface Outcome {
  /** Number of constructions that no factory, setting or comment permits. */
  readonly outside: number;
  /** The edit that declares the factories. Unset if the code alone shows them. */
  readonly settings?: FileEdit;
}

/** Analyses the edited texts without writing them: `analysis` has them from then on. If the new modules are not inferred to be factories, the settings declare them. */
export function settleFactories(analysis: ProjectAnalysis, plan: MigrationPlan, includesTests: boolean, text: string | undefined): Outcome {
  const { settings } = analysis;
  const { root } = analysis.project;
  const inferred = withEdits(analysis, plan);
  const targets = plan.targets.map(({ file }) => posix.relative(root, file));
  const known = new Set(describeFactories(inferred).flatMap(({ file, status }) => (status === 'undecided' ? [] : [file])));
  const outside = countOutside(inferred, includesTests);
  if (targets.every((file) => known.has(file))) return { outside };
  const declared = settings.factories;
  const factories = [...new Set(declared.length > 0 ? [...declared, ...targets] : [...known, ...targets].sort())];
  const after =
    text === undefined ? writeJson({ factories }, '  ') : changeJson(text, [{ kind: 'set', path: ['factories'], value: factories }]);
  if (text !== undefined && !parseJsonObject(text)) return { outside };
  const read = readSettings(root, { factories });
  if (!read.ok) return { outside };
  return {
    outside: countOutside(withEdits(new ProjectAnalysis(root, read.settings), plan), includesTests),
    settings: { file: settingsFileName, after, ...(text === undefined ? {} : { before: text }) },
  };
}

function withEdits(analysis: ProjectAnalysis, { edits }: MigrationPlan): ProjectAnalysis {
  for (const { file, after } of edits) analysis.open(posix.join(analysis.project.root, file), withoutBom(after));
  return analysis;
}

function countOutside(analysis: ProjectAnalysis, includesTests: boolean): number {
  return describeConstructions(analysis, includesTests).filter(({ sanctioned }) => !sanctioned).length;
}
