import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { FileEdit } from '../edits/file-edit.js';
import type { Project } from '../project/project.js';
import { isComponentFile } from '../project/script-blocks.js';
import { type MissingPackage, missingPackageOf } from './missing-packages.js';
import { type AddedError, checkTypes, type StandIn, type TypeCheck } from './types/check-types.js';

/** A plan whose edits add no type error, with the type errors that were counted. */
export interface CheckedPlan<Plan> {
  readonly plan: Plan;
  readonly types: TypeCheck;
  /** Number of files whose types were checked. */
  readonly files: number;
  /** The packages without which the types of some edits could not be checked. Those edits are not in the plan. */
  readonly missing: readonly MissingPackage[];
}

/** How plans are made and checked. */
export interface PlanCheck<Plan> {
  readonly project: Project;
  /** Plans the edits without those of some files, whose reasons are given. Paths are absolute. */
  readonly plan: (excluded: ReadonlyMap<string, string>) => Plan;
  /** The files whose edits cause a type error in a file. */
  readonly causesOf: (plan: Plan, file: string) => readonly string[];
  /** Whether the edit of a file gives its importers nothing new. */
  readonly isExtended: (plan: Plan, file: string) => boolean;
  /** Declarations of a package that the edits import, for projects that have not installed it. */
  readonly standIn?: StandIn;
}

/** At most this many files that import an edited one are checked as well. */
const maxImporters = 50;

/** Plans the edits, and plans again without the files whose edits add a type error, until none does. */
export function planChecked<Plan extends { readonly edits: readonly FileEdit[] }>(check: PlanCheck<Plan>): CheckedPlan<Plan> {
  const excluded = new Map<string, string>();
  const missing: MissingPackage[] = [];
  for (;;) {
    const plan = check.plan(excluded);
    const { files, types } = checkEdits(plan, check);
    const blamed = types.added.filter(({ file }) => !excluded.has(file));
    if (blamed.length === 0) return { plan, types, files, missing };
    for (const error of blamed) {
      const absent = missingPackageOf(error, check.project);
      if (absent) missing.push(absent);
      const reason = reasonOf(error, absent);
      for (const cause of [...check.causesOf(plan, error.file), error.file]) excluded.set(cause, reason);
    }
  }
}

function reasonOf({ message }: AddedError, absent: MissingPackage | undefined): string {
  return absent ? `The types cannot be checked: ${absent.name} is not installed.` : `The edit would add a type error: ${message}`;
}

function checkEdits<Plan extends { readonly edits: readonly FileEdit[] }>(
  plan: Plan,
  { project, isExtended, standIn }: PlanCheck<Plan>,
): { readonly files: number; readonly types: TypeCheck } {
  const absolute = plan.edits
    .map((edit) => ({ ...edit, path: posix.join(project.root, edit.file) }))
    .filter(({ path }) => !isComponentFile(path));
  const edited = absolute.map(({ path }) => path);
  const changed = edited.filter((file) => !isExtended(plan, file));
  const importers = new Set(changed.flatMap((file) => (project.sources.has(file) ? [...project.importersOf(file)] : [])));
  const others = [...importers].filter((file) => !edited.includes(file) && /\.[cm]?[jt]sx?$/.test(file)).slice(0, maxImporters);
  const files = [...edited, ...others];
  if (edited.length === 0) return { files: 0, types: { before: 0, after: 0, added: [] } };
  const types = checkTypes(
    files,
    new Map(absolute.map(({ path, before }) => [path, before])),
    new Map(absolute.map(({ path, after }) => [path, after])),
    standIn,
  );
  return { files: files.length, types };
}

/** Reads a file of the project as it is on disk; undefined if it is not there. */
export function readOnDisk(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
