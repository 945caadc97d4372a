import { createColors } from 'picocolors';
import type { AuditConstruction, AuditFinding, AuditPlace, AuditResult, AuditWrapper } from '../audit/audit-result.js';
import { describeKnown, sentencesOf } from './audit-sentences.js';
import { wrap } from './wrap-text.js';

/** The terminal that a report is made for. */
export interface TextOptions {
  /** Whether to use ANSI colours. */
  readonly color: boolean;
  /** Columns of the terminal; Infinity if the output is no terminal. Lines break between words, so that `file:line:column` stays clickable. */
  readonly width: number;
}

interface Page {
  readonly colors: ReturnType<typeof createColors>;
  readonly width: number;
}

/** Returns the report for users: findings by file with their paths, client constructions, wrappers, notices, and the next step. */
export function toText(result: AuditResult, { color, width }: TextOptions): string {
  const page = { colors: createColors(color), width };
  const { notJudged, staleSettings, information } = sentencesOf([result]);
  const sentences = [...notJudged.map(({ message }) => message), ...staleSettings, ...information];
  const files = groupBy(result.findings, ({ file }) => file);
  const blocks = [
    ...[...files].map(([file, findings]) =>
      [page.colors.underline(file), ...findings.map((finding) => describeFinding(finding, page))].join('\n'),
    ),
    table(
      'Client constructions',
      result.constructions.map((construction) => describeConstruction(construction, page)),
      page,
    ),
    table(
      'Code that gives clients to other code',
      result.wrappers.map((wrapper) => describeWrapper(wrapper, page)),
      page,
    ),
    table(
      'Notices',
      sentences.map((notice) => wrap(notice, width, '  ', '    ')),
      page,
    ),
    [summary(result, page), nextStep(result, page)].join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function describeFinding(finding: AuditFinding, { colors, width }: Page): string {
  const [headline = '', ...path] = finding.message.split('\n');
  const fixable = finding.fixable ? colors.green('  fixable') : '';
  return [
    `  ${placeOf(finding)}  ${colors.red(finding.rule)}${fixable}`,
    wrap(headline, width, '    '),
    ...path.map((step) => colors.cyan(wrap(step.trim(), width, ' '.repeat(6), ' '.repeat(11)))),
  ].join('\n');
}

function describeConstruction(construction: AuditConstruction, { colors, width }: Page): string {
  const { client, constructor, sanctioned, reason } = construction;
  const verdict = sanctioned ? colors.green('allowed    ') : colors.red('not allowed');
  const lines = [`  ${verdict}  ${placeOf(construction)}  ${colors.dim(`${constructor} of ${client}`)}`];
  return [...lines, ...(reason === undefined ? [] : [colors.dim(wrap(reason, width, ' '.repeat(15)))])].join('\n');
}

const wrapperLabels = {
  function: 'creates a client at each call',
  class: 'creates a client for each instance',
  client: 'exports the client itself',
} as const;

function describeWrapper(wrapper: AuditWrapper, { colors }: Page): string {
  return `  ${placeOf(wrapper)}  ${wrapper.name}\n    ${colors.dim(`${wrapperLabels[wrapper.kind]}, used in ${count(wrapper.uses.length, 'place')}`)}`;
}

function table(title: string, rows: readonly string[], { colors }: Page): string {
  return rows.length === 0 ? '' : [colors.bold(title), ...rows].join('\n');
}

function summary(result: AuditResult, { colors, width }: Page): string {
  const { files, sliceFiles, findings, constructions, baseline } = result;
  const rules = [...groupBy(findings, ({ rule }) => rule)].map(([rule, of]) => `${of.length} ${rule}`);
  const verdict =
    findings.length === 0
      ? colors.green(baseline && baseline.known.length > 0 ? 'No new findings.' : 'No findings.')
      : wrap(`${colors.red(`${count(findings.length, 'finding')}:`)} ${rules.join(', ')}.`, width, '');
  const allowed = constructions.filter(({ sanctioned }) => sanctioned).length;
  const constructed =
    constructions.length === 0 ? 'no client construction' : `${count(constructions.length, 'client construction')}, ${allowed} allowed`;
  const judged = `${count(files, 'source file')} read, ${sliceFiles} analysed in depth; ${constructed}.`;
  return [verdict, ...[...describeKnown([result]), judged].map((sentence) => wrap(sentence, width, ''))].join('\n');
}

function nextStep({ findings, constructions }: AuditResult, { colors, width }: Page): string {
  const [first] = findings;
  if (!first && constructions.length === 0) return wrap(noClient, width, '');
  if (!first) return 'Nothing to do.';
  const fixable = findings.filter((finding) => finding.fixable).length;
  const repair = `run your linter with --fix to repair ${fixable} of them, then this audit again.`;
  const start = `start at ${placeOf(first)}. To keep code as it is, list it under "sanctioned" in clickhouse-ssot.config.json, with a reason.`;
  return wrap(`${colors.bold('Next:')} ${fixable > 0 ? repair : start}`, width, '');
}

/** A code base without ClickHouse and an audit that looked at the wrong place must not read like a clean code base. */
const noClient =
  'No client package was found in these files. If this code base uses ClickHouse, audit its root folder, or name the client package under "clients" in clickhouse-ssot.config.json.';

function placeOf({ file, line, column }: AuditPlace): string {
  return `${file}:${line}:${column}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    group.push(item);
    groups.set(keyOf(item), group);
  }
  return groups;
}
