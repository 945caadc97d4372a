import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import type * as Yaml from 'yaml';
import { type EditOutcome, editOf, lineBreakOf } from '../edits/file-edit.js';
import { isObject } from '../edits/json-text.js';

/** Loaded only for a project with workflows. */
const load: (id: 'yaml') => typeof Yaml = createRequire(import.meta.url);

const install = /\b(?:npm (?:ci|install|i)|pnpm (?:install|i)|yarn(?: install)?|bun (?:install|i))\b/;
const lint = /\b(?:lint|eslint|oxlint|biome|typecheck)\b/;

/**
 * Adds a step behind the lint step of a GitHub workflow. It does so only in a job that checks out, installs and lints without conditions,
 * for each pull request, in the root folder. Any other workflow is `unchanged`.
 */
export function addWorkflowStep(file: string, text: string, command: string): EditOutcome {
  const yaml = load('yaml');
  const document = yaml.parseDocument(text);
  const workflow: unknown = document.errors.length === 0 ? document.toJS() : undefined;
  if (!isObject(workflow) || 'defaults' in workflow || !runsOnEachPullRequest(workflow['on']) || !isObject(workflow['jobs']))
    return { kind: 'unchanged' };
  for (const [name, job] of Object.entries(workflow['jobs'])) {
    const index = lintStepOf(job);
    const steps = document.getIn(['jobs', name, 'steps']);
    if (index === undefined || !yaml.isSeq(steps) || steps.flow === true) continue;
    const step = steps.items[index];
    const after = yaml.isNode(step) && step.range ? insertStep(text, step.range, command) : undefined;
    if (after !== undefined && isSound(text, after, ['jobs', name, 'steps'], index + 1, yaml)) return editOf(file, text, after);
  }
  return { kind: 'unchanged' };
}

/** Whether a workflow runs the audit, by its command or by a script of this name. */
export function runsAudit(text: string, script: string): boolean {
  return text.includes('clickhouse-ssot') || new RegExp(`\\b${script}\\b`).test(text);
}

function runsOnEachPullRequest(events: unknown): boolean {
  if (typeof events === 'string') return events === 'pull_request';
  if (Array.isArray(events)) return events.includes('pull_request');
  if (!isObject(events) || !('pull_request' in events)) return false;
  const filters = events['pull_request'];
  return !isObject(filters) || !['paths', 'paths-ignore', 'types'].some((key) => key in filters);
}

/** The index of the lint step of a job in which a further step fits. */
function lintStepOf(job: unknown): number | undefined {
  if (!isObject(job) || ['if', 'strategy', 'defaults', 'uses', 'continue-on-error'].some((key) => key in job)) return undefined;
  const steps: readonly unknown[] = Array.isArray(job['steps']) ? job['steps'] : [];
  const indexOf = (isIt: (step: Record<string, unknown>) => boolean) =>
    steps.findIndex((step) => isObject(step) && isPlain(step) && isIt(step));
  const checkedOut = indexOf(
    (step) => typeof step['uses'] === 'string' && step['uses'].startsWith('actions/checkout') && !isPartial(step['with']),
  );
  const installed = indexOf((step) => isRun(step, install));
  const linted = indexOf((step) => isRun(step, lint));
  return checkedOut >= 0 && installed > checkedOut && linted > installed ? linted : undefined;
}

function isPlain(step: Record<string, unknown>): boolean {
  return !['if', 'working-directory', 'continue-on-error', 'shell'].some((key) => key in step);
}

/** Whether a checkout takes another repository, folder or part of the files. */
function isPartial(options: unknown): boolean {
  return isObject(options) && ['repository', 'path', 'sparse-checkout'].some((key) => key in options);
}

/** A script that changes the folder does not show where the next step starts, but its own commands are not those of the root. */
function isRun({ run }: Record<string, unknown>, pattern: RegExp): boolean {
  return typeof run === 'string' && pattern.test(run) && !/\bcd\s|--(?:prefix|cwd|dir)\b|\s-C\s/.test(run);
}

/** Puts the step behind another one, with its indentation, and with an empty line if steps have one between them. */
function insertStep(text: string, range: Yaml.Range, command: string): string | undefined {
  const [start, valueEnd] = range;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const dash = /^([ \t]*)-([ \t]+)/.exec(text.slice(lineStart, start));
  if (dash?.[0].length !== start - lineStart) return undefined;
  const [, indent = '', gap = ' '] = dash;
  const contentEnd = text.slice(0, valueEnd).trimEnd().length;
  const lineEnd = text.indexOf('\n', contentEnd);
  const offset = lineEnd < 0 ? text.length : lineEnd;
  const isSpaced = /\n[ \t]*\r?\n[ \t]*$/.test(text.slice(0, lineStart));
  const lineBreak = lineBreakOf(text);
  const carriageReturn = lineBreak === '\r\n' && lineEnd > 0 ? 1 : 0;
  // A linter that fails must not hide the audit.
  const step = [`-${gap}name: ClickHouse access`, ` ${gap}if: \${{ !cancelled() }}`, ` ${gap}run: ${command}`];
  const added = [...(isSpaced ? [''] : []), ...step.map((line) => indent + line)];
  const at = offset - carriageReturn;
  return text.slice(0, at) + added.map((line) => lineBreak + line).join('') + text.slice(at);
}

/** Whether the new text means the old one and one more step. */
function isSound(before: string, after: string, path: readonly string[], index: number, yaml: typeof Yaml): boolean {
  const changed = yaml.parseDocument(after);
  if (changed.errors.length > 0) return false;
  changed.deleteIn([...path, index]);
  return isDeepStrictEqual(changed.toJS(), yaml.parseDocument(before).toJS());
}
