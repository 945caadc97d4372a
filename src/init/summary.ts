import type { createColors } from 'picocolors';
import type { AuditFinding, AuditPlace } from '../audit/audit-result.js';
import type { AuditFacts } from './audit-facts.js';
import type { Decisions } from './decide.js';
import type { Linter } from './detect-linters.js';
import type { ManualStep } from '../edits/file-edit.js';
import type { BrokenRule } from './group-exceptions.js';
import type { InitPlan } from './plan.js';

type Colors = ReturnType<typeof createColors>;

/** Returns the detected facts as text: the project, its linters and its package manager. */
export function describeProject(root: string, linters: readonly Linter[], agent: string): string {
  const names = linters.map((linter) => `${nameOf(linter)} (${linter.file})`);
  const audits = linters.every(({ kind }) => kind === 'biome' || kind === 'too-old');
  return [
    `Project: ${root}`,
    `Linters: ${names.length === 0 ? 'none found' : names.join(', ')}. Package manager: ${agent}.`,
    ...linters.flatMap((linter) => (linter.kind === 'too-old' ? [linter.reason] : [])),
    ...(audits ? ['No linter here can load the rules: `clickhouse-ssot audit` checks them.'] : []),
    '',
  ].join('\n');
}

const linterNames = { eslint: 'ESLint', oxlint: 'oxlint', biome: 'Biome' } as const;

function nameOf(linter: Linter): string {
  return linter.kind === 'too-old' ? linter.name : linterNames[linter.kind];
}

/** Returns the new settings as text: factories, exceptions and what is open. */
export function describeDecisions(
  facts: AuditFacts,
  decisions: Decisions & { readonly created: readonly AuditFinding[] },
  colors: Colors,
): string {
  const { factories, undecided, exceptions, remaining, created } = decisions;
  const reasonOf = (file: string) => facts.factories.find((fact) => fact.file === file && fact.status === 'inferred')?.reason;
  const harmful = exceptions.filter(({ group }) => group.isHarmful);
  return [
    ...(facts.constructions.length === 0
      ? ['No client construction was found. If this code base uses ClickHouse, run init in its root folder.']
      : []),
    ...block(
      'Factories, which become a setting',
      factories.map((file) => (reasonOf(file) === undefined ? file : `${file}: ${reasonOf(file)}`)),
      colors,
    ),
    ...block(
      'Undecided: name the factory under "factories" in clickhouse-ssot.config.json',
      undecided.map(({ file }) => file),
      colors,
    ),
    ...block(
      'Fix these first: they become exceptions, but a call path may never return',
      harmful.flatMap(({ group }) => placesWithRules(group.places)),
      colors,
    ),
    ...block(
      'Exceptions, each with a reason to review',
      exceptions.map(({ group, reason }) => `${group.title}\n    ${reason}`),
      colors,
    ),
    ...block(
      'Findings for the baseline, which linters do not read',
      created.map((finding) => `${place(finding)}  ${finding.rule}`),
      colors,
    ),
    ...block(
      'Findings that stay',
      remaining.map((finding) => `${place(finding)}  ${finding.rule}`),
      colors,
    ),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

/** The changes that the user makes by hand, as text. */
export function describeManual(steps: readonly ManualStep[], colors: Colors): string {
  return steps
    .map(({ where, reason, lines }) => `${colors.bold(`By hand: ${where}`)}\n  ${reason}\n${lines.map((line) => `    ${line}\n`).join('')}`)
    .join('');
}

/** The next steps, as text. */
export function describeNext({ install, check }: InitPlan): string {
  const steps = [...(install === undefined ? [] : [install]), check];
  return `Next:\n${steps.map((step) => `  ${step}\n`).join('')}`;
}

function block(title: string, lines: readonly string[], colors: Colors): string[] {
  return lines.length === 0 ? [] : [colors.bold(title), ...lines.map((line) => `  ${line}`)];
}

/** Returns each place once, with all rules that it breaks. */
function placesWithRules(places: readonly BrokenRule[]): string[] {
  const rules = new Map<string, string[]>();
  for (const broken of places) rules.set(place(broken), [...(rules.get(place(broken)) ?? []), broken.rule]);
  return [...rules].map(([at, names]) => `${at}  ${[...new Set(names)].join(', ')}`);
}

function place({ file, line, column }: AuditPlace): string {
  return `${file}:${line}:${column}`;
}
