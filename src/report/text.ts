import { createColors } from 'picocolors';
import type { AuditFinding, AuditResult } from './audit-result.js';

type Colors = ReturnType<typeof createColors>;

/** For a person at a terminal: findings by file, the path of a recursion hop by hop, and what to do next. */
export function toText(result: AuditResult, { color }: { readonly color: boolean }): string {
  const colors = createColors(color);
  const blocks = [...byFile(result.findings)].map(([file, findings]) => [colors.underline(file), ...findings.map((finding) => describe(finding, colors))].join('\n'));
  return `${[...blocks, constructionTable(result, colors), wrapperTable(result, colors), notices(result, colors), summary(result, colors)].filter((block) => block !== '').join('\n\n')}\n`;
}

function describe(finding: AuditFinding, colors: Colors): string {
  const [essence = '', ...rest] = finding.message.split('\n');
  const place = colors.dim(`${finding.file}:${finding.line}:${finding.column}`);
  const fixable = finding.fixable ? colors.green(' fixable') : '';
  return [`  ${place}  ${colors.red(finding.rule)}${fixable}`, `    ${essence}`, ...rest.map((line) => colors.cyan(`    ${line}`))].join('\n');
}

function constructionTable({ constructions }: AuditResult, colors: Colors): string {
  if (constructions.length === 0) return '';
  const rows = constructions.map(({ file, line, column, client, constructor, sanctioned, reason }) => {
    const verdict = sanctioned ? colors.green(`allowed: ${reason ?? ''}`) : colors.red('not allowed');
    return `  ${file}:${line}:${column}  ${colors.dim(`${constructor} of ${client}`)}  ${verdict}`;
  });
  return [colors.bold('Where clients are made'), ...rows].join('\n');
}

function wrapperTable({ wrappers }: AuditResult, colors: Colors): string {
  if (wrappers.length === 0) return '';
  const rows = wrappers.map(({ file, line, column, name, kind, uses }) => `  ${file}:${line}:${column}  ${name}  ${colors.dim(`${kind === 'class' ? 'makes a client for each instance' : 'makes a client at each call'}, used in ${count(uses.length, 'place')}`)}`);
  return [colors.bold('What makes clients for others'), ...rows].join('\n');
}

function notices({ notices: list }: AuditResult, colors: Colors): string {
  return list.length === 0 ? '' : [colors.bold('Worth knowing'), ...list.map((notice) => `  ${notice}`)].join('\n');
}

function summary({ files, sliceFiles, findings, constructions }: AuditResult, colors: Colors): string {
  const read = `${count(files, 'source file')} read, ${sliceFiles} of them in depth; ${count(constructions.length, 'client construction')}.`;
  if (findings.length === 0) return `${colors.green('No findings.')} ${read}`;
  const fixable = findings.filter((finding) => finding.fixable).length;
  const advice = fixable > 0 ? ` ${fixable} can be fixed by your linter: eslint --fix.` : '';
  return `${colors.red(`${count(findings.length, 'finding')}.`)} ${read}${advice}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function byFile(findings: readonly AuditFinding[]): Map<string, AuditFinding[]> {
  const files = new Map<string, AuditFinding[]>();
  for (const finding of findings) files.set(finding.file, [...(files.get(finding.file) ?? []), finding]);
  return files;
}
