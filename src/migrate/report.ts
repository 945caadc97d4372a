import { posix } from 'node:path';
import type { createColors } from 'picocolors';
import { positionAt } from '../findings/position.js';
import type { Project } from '../project/project.js';
import type { CheckedPlan } from './check-plan.js';
import type { MissingPackage } from './missing-packages.js';
import type { PlannedTarget } from './plan.js';
import type { LeftCode } from './rewrite/place.js';

type Colors = ReturnType<typeof createColors>;

/** Returns the lines about the factories: which modules create the clients after the edits, and why these. */
export function describeTargets(targets: readonly PlannedTarget[], project: Project, colors: Colors): string {
  return targets
    .map(({ file, name, reason, moved, change }) => {
      const path = posix.relative(project.root, file);
      const files = new Set(moved.map((place) => place.file)).size;
      const head = `${colors.bold(path)}${change.kind === 'create' ? ' (new)' : ''}: \`${name}\`, for ${count(moved.length, 'construction')} in ${count(files, 'file')}.`;
      return `${head}\n  ${reason}\n`;
    })
    .join('');
}

/** Returns the list of what is left, file by file, each with its reason. `textOf` gives the texts of today. */
export function describeLeft(left: readonly LeftCode[], root: string, textOf: (file: string) => string, colors: Colors): string {
  if (left.length === 0) return '';
  const lines = left.map(({ file, start, subject, reason }) => {
    const { line, column } = positionAt(textOf(file), start);
    return `  ${colors.bold(`${posix.relative(root, file)}:${line}:${column}`)} ${subject}\n    ${reason}\n`;
  });
  return `${count(left.length, 'place')} left:\n${lines.join('')}`;
}

/** Returns the summary: the constructions that are named and the type errors, before and after. */
export function describeNumbers(name: string, before: number, after: number, { types, files }: CheckedPlan<unknown>): string {
  const checked = files === 0 ? '' : ` Type errors in ${count(files, 'checked file')}: ${types.before} before, ${types.after} after.`;
  return `${name}: ${before} before, ${after} after.${checked}\n`;
}

/** Returns the lines about packages that are not installed: which, and what to run. */
export function describeMissing(missing: readonly MissingPackage[], commands: readonly string[]): string {
  const names = [...new Set(missing.map(({ name }) => name))].sort().join(', ');
  return `Dependencies are not installed: ${names}. Without them, migrate cannot check the types of its edits. Install them, then run migrate again:\n${commands.map((command) => `  ${command}\n`).join('')}`;
}

/** Returns a number with its noun: `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
