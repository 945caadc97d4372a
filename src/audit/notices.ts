import { posix } from 'node:path';
import { positionAt } from '../findings/position.js';
import { computedSpecifiersIn } from '../project/computed-specifiers.js';
import { relativeTo } from '../project/paths.js';
import type { Project } from '../project/project.js';
import type { SliceLimit } from '../model/slice/slice-limits.js';
import type { Rule } from '../rule/rule.js';
import { factoryNotices, modulesNotJudged } from './describe-factories.js';
import type { AuditNotJudged } from './audit-result.js';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { unusedDisables } from './unused-disables.js';

/** The sentences of an audit by kind, without findings and stale settings. */
export interface Notices {
  /** Files that were not analysed or not judged. */
  readonly notJudged: readonly AuditNotJudged[];
  /** Calls for a connection that the analysis may have missed. They are among `information` as well. */
  readonly incomplete: readonly string[];
  /** Comments that disable nothing, inferred factories, and the accessors and managers that were used. */
  readonly information: readonly string[];
}

/** Returns the notices of an audit that ran these rules. A folder in `nested` is another project, which has notices of its own. */
export function collectNotices(analysis: ProjectAnalysis, rules: readonly Rule[], nested: readonly string[]): Notices {
  const isOwn = (file: string): boolean => !nested.some((folder) => file.startsWith(`${posix.join(analysis.project.root, folder)}/`));
  const incomplete = missedCalls(analysis);
  return {
    notJudged: filesNotJudged(analysis),
    incomplete,
    information: [
      ...unusedDisables(analysis, rules, isOwn),
      ...factoryNotices(analysis),
      ...usedRoles(analysis),
      ...otherLimits(analysis),
      ...incomplete,
    ],
  };
}

/** Returns the source files that no rule judged. */
function filesNotJudged(analysis: ProjectAnalysis): AuditNotJudged[] {
  const { model, project } = analysis;
  const describe = (path: string, problem: string): AuditNotJudged => {
    const file = relativeTo(project.root, path);
    return { file, message: `${file} ${problem}` };
  };
  return [
    ...project.unreadable.map((path) =>
      describe(path, 'cannot be read and was not analysed. It is a broken link, or the process has no permission.'),
    ),
    ...[...model.skippedFiles].map((path) =>
      describe(
        path,
        'is nested too deeply, has too many branches in one function, or too long a chain of calls, to be analysed and was skipped.',
      ),
    ),
    ...project
      .generatedFiles(/['"`][^'"`\n]*clickhouse[^'"`\n]*['"`]/i)
      .map(({ file, mark }) =>
        describe(file, `is ${mark === undefined ? 'minified' : `generated ("${mark.slice(0, 80)}")`} and was not analysed.`),
      ),
    ...modulesNotJudged(analysis),
  ];
}

function usedRoles({ model }: ProjectAnalysis): string[] {
  return [
    ...model.accessors.map(({ name, evidence }) => `Accessor: ${name}, because ${evidence}.`),
    ...model.managers.map(({ name, evidence }) => `Manager: ${name}, because ${evidence}.`),
  ];
}

/** Returns the calls and files that the analysis may have missed: searches that a limit ended, and imports by unknown expressions. */
function missedCalls({ model, project }: ProjectAnalysis): string[] {
  const limits = model.limits.filter(({ kind }) => kind !== 'files-between-leases').map((limit) => limitNotice(limit, project));
  const unknown = [...model.slice].sort().flatMap((file) => {
    const text = project.text(file) ?? '';
    return computedSpecifiersIn(file, text)
      .filter(({ specifiers }) => specifiers.length === 0)
      .map(({ start }) => `${relativeTo(project.root, file)}:${positionAt(text, start).line}`);
  });
  if (unknown.length === 0) return limits;
  return [...limits, `The specifier of an import is computed at run time, so the imported module is not known: ${listed(unknown)}.`];
}

/** Returns the same for rules that judge something else than calls for a connection. */
function otherLimits({ model, project }: ProjectAnalysis): string[] {
  const leases = model.limits.filter(({ kind }) => kind === 'files-between-leases');
  return [...leases, ...model.statementLimits()].map((limit) => limitNotice(limit, project));
}

function listed(places: readonly string[]): string {
  return places.slice(0, maxPlaces).join(', ') + (places.length > maxPlaces ? ` and ${places.length - maxPlaces} more` : '');
}

function limitNotice(limit: SliceLimit, { root }: Project): string {
  const nameOf = (file: string): string => relativeTo(root, file);
  switch (limit.kind) {
    case 'export-type':
      return `${nameOf(limit.file)} exports ${limit.name}, whose type has too many parts to tell whether it gives a client. Files that import it were not analysed for it.`;
    case 'files-between-leases':
      return `More than ${limit.max} files lie on import paths between files that acquire leases. None of them was analysed, so a nested acquire through them is not found.`;
    case 'imports-of-providers':
      return `Not all imports of ${listed(limit.files.map(nameOf))} were analysed: they are too many. A recursion through a function that is passed to such an import is not found.`;
    case 'users-of-clients':
      return `More than ${limit.max} files that construct no client use one. Statements in the others were not judged.`;
  }
}

/** The largest number of places in a notice. */
const maxPlaces = 5;
