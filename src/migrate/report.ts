import { posix } from 'node:path';
import type { createColors } from 'picocolors';
import { positionAt } from '../findings/position.js';
import type { Project } from '../project/project.js';
import type { CheckedPlan } from './check-plan.js';
import type { Leftover } from './place.js';
import type { PlannedTarget } from './plan.js';

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

/** Returns the list of what is left, file by file, each with its reason. */
export function describeLeftovers(leftovers: readonly Leftover[], project: Project, colors: Colors): string {
  if (leftovers.length === 0) return '';
  const lines = leftovers.map(({ place, reason }) => {
    const { line, column } = positionAt(project.text(place.file) ?? '', place.start);
    const where = `${posix.relative(project.root, place.file)}:${line}:${column}`;
    return `  ${colors.bold(where)} \`${place.constructor.name}\` of "${place.constructor.package}"\n    ${reason}\n`;
  });
  return `${count(leftovers.length, 'construction')} left:\n${lines.join('')}`;
}

/** Returns the summary: the constructions outside of the factory and the type errors, before and after. */
export function describeNumbers(outside: { readonly before: number; readonly after: number }, { types, files }: CheckedPlan): string {
  const checked = files === 0 ? '' : ` Type errors in ${count(files, 'checked file')}: ${types.before} before, ${types.after} after.`;
  return `Constructions outside of the factory: ${outside.before} before, ${outside.after} after.${checked}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
