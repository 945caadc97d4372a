import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Project } from '../project/project.js';
import { isComponentFile } from '../project/script-blocks.js';
import { checkTypes, type TypeCheck } from './check-types.js';
import { type MigrationPlan, type PlanInput, planMigration } from './plan.js';

/** A plan whose edits add no type error, with the type errors that were counted. */
export interface CheckedPlan {
  readonly plan: MigrationPlan;
  readonly types: TypeCheck;
  /** Number of files whose types were checked. */
  readonly files: number;
}

/** At most this many files that import an edited one are checked as well. */
const maxImporters = 50;

/** Plans the edits, and plans again without the files whose edits add a type error, until none does. */
export function planCheckedMigration(input: Omit<PlanInput, 'excluded'>): CheckedPlan {
  const excluded = new Map<string, string>();
  for (;;) {
    const plan = planMigration({ ...input, excluded });
    const { files, types } = checkEdits(plan, input.project);
    const blamed = types.added.filter(({ file }) => !excluded.has(file));
    if (blamed.length === 0) return { plan, types, files };
    for (const { file, message } of blamed) {
      const reason = `The edit would add a type error: ${message}`;
      const target = plan.targets.find((candidate) => candidate.file === file);
      const edited = plan.edits.some((edit) => posix.join(input.project.root, edit.file) === file);
      // An error in a new module, or in a file that imports an edited one, is the fault of what moved.
      const causes =
        target || !edited ? (target ? [target] : plan.targets).flatMap(({ moved }) => moved.map((place) => place.file)) : [file];
      for (const cause of causes) excluded.set(cause, reason);
      excluded.set(file, reason);
    }
  }
}

function checkEdits({ edits, targets }: MigrationPlan, project: Project): { readonly files: number; readonly types: TypeCheck } {
  const absolute = edits
    .map((edit) => ({ ...edit, path: posix.join(project.root, edit.file) }))
    .filter(({ path }) => !isComponentFile(path));
  const edited = absolute.map(({ path }) => path);
  // A factory that only gets a further function gives its importers nothing new.
  const isExtended = (file: string): boolean => targets.some((target) => target.file === file && target.change.kind === 'edit');
  const changed = edited.filter((file) => !isExtended(file));
  const importers = new Set(changed.flatMap((file) => (project.sources.has(file) ? [...project.importersOf(file)] : [])));
  const others = [...importers].filter((file) => !edited.includes(file) && /\.[cm]?[jt]sx?$/.test(file)).slice(0, maxImporters);
  const files = [...edited, ...others];
  if (edited.length === 0) return { files: 0, types: { before: 0, after: 0, added: [] } };
  const types = checkTypes(
    files,
    new Map(absolute.map(({ path, before }) => [path, before])),
    new Map(absolute.map(({ path, after }) => [path, after])),
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
