import { posix } from 'node:path';
import { relativeTo } from '../project/paths.js';
import type { Rule } from '../rule/rule.js';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { unusedDisables } from './unused-disables.js';

/**
 * Returns the notices of an audit: unread and skipped files, comments that disable nothing, and the accessors and managers that were used.
 * A folder in `nested` is another project, which has notices of its own.
 */
export function collectNotices(analysis: ProjectAnalysis, rules: readonly Rule[], nested: readonly string[]): string[] {
  const isOwn = (file: string): boolean => !nested.some((folder) => file.startsWith(`${posix.join(analysis.project.root, folder)}/`));
  return [...unreadableFiles(analysis), ...skippedFiles(analysis), ...unusedDisables(analysis, rules, isOwn), ...usedRoles(analysis)];
}

function unreadableFiles({ project }: ProjectAnalysis): string[] {
  return project.unreadable.map(
    (file) =>
      `${relativeTo(project.root, file)} cannot be read and was not analysed. It is a broken link, or the process has no permission.`,
  );
}

function skippedFiles({ model, project }: ProjectAnalysis): string[] {
  return [...model.skippedFiles].map((file) => `${relativeTo(project.root, file)} is nested too deeply to be analysed and was skipped.`);
}

function usedRoles({ model }: ProjectAnalysis): string[] {
  return [
    ...model.accessors.map(({ name, evidence }) => `Accessor: ${name}, because ${evidence}.`),
    ...model.managers.map(({ name, evidence }) => `Manager: ${name}, because ${evidence}.`),
  ];
}
