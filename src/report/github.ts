import { posix } from 'node:path';
import { knownFindings } from '../audit/all-findings.js';
import type { AuditFinding, AuditResult } from '../audit/audit-result.js';
import { relativeTo } from '../project/paths.js';
import { describeKnown, describeSince, sentencesOf } from './audit-sentences.js';

/** The place of the results in a repository. */
export interface GithubOptions {
  /** Absolute path of the repository. Annotations name files relative to it. */
  readonly repository: string;
}

/** GitHub shows this many annotations of a kind for each step of a workflow; the others are only in the log. */
const shownAnnotations = 10;

/**
 * Returns the results as workflow commands of GitHub Actions: an error for each finding, a warning for each stale setting and each file
 * that was not judged. Lines for readers of the log follow: the log shows a command without its file.
 */
export function toGithub(results: readonly AuditResult[], { repository }: GithubOptions): string {
  const pathIn = (result: AuditResult, file: string): string => relativeTo(repository, posix.join(result.root, file));
  const findings = results.flatMap((result) => result.findings.map((finding) => ({ ...finding, file: pathIn(result, finding.file) })));
  const { staleSettings, notJudged, information } = sentencesOf(results);
  const warnings = [
    ...notJudged.map(({ file, message, result }) => command('warning', { file: pathIn(result, file), title: 'clickhouse-ssot' }, message)),
    ...staleSettings.map((sentence) => command('warning', { title: 'clickhouse-ssot' }, sentence)),
  ];
  const lines = [
    ...findings.map(({ file, line, column, rule }) => `- ${file}:${line}:${column} ${rule}`),
    ...information.map((sentence) => `- ${sentence}`),
    ...summary(results, findings),
    ...limit('errors', findings.length),
    ...limit('warnings', warnings.length),
  ];
  return [...findings.map(annotate), ...warnings, ...lines.map(plain)].map((line) => `${line}\n`).join('');
}

/** Returns a problem that prevented the audit as workflow commands, one a line of the problem. */
export function problemToGithub(problem: string): string {
  return problem
    .split('\n')
    .map((line) => `${command('error', { title: 'clickhouse-ssot' }, line)}\n`)
    .join('');
}

function annotate({ rule, file, line, column, endLine, endColumn, message }: AuditFinding): string {
  // GitHub refuses columns of an annotation that spans lines.
  const columns = line === endLine ? { col: column, endColumn } : {};
  return command('error', { file, line, endLine, ...columns, title: `clickhouse-ssot/${rule}` }, message);
}

function command(name: 'error' | 'warning', properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * Returns a line that the runner takes for no command: commands start with `::`, or contain `##[`. File names and source text may
 * contain both.
 */
function plain(line: string): string {
  return line
    .replace(/[\r\n]/g, ' ')
    .replaceAll('##[', '##\\[')
    .replace(/^\s*::/, '- ::');
}

function summary(results: readonly AuditResult[], findings: readonly AuditFinding[]): string[] {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const byRule = [...counts].map(([rule, count]) => `${count} ${rule}`).join(', ');
  const files = results.reduce((total, result) => total + result.files, 0);
  const isKnown = results.some((result) => knownFindings(result).length > 0);
  const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} (${byRule})`;
  const verdict = findings.length > 0 ? count : isKnown ? 'No new findings' : 'No findings';
  return [
    `clickhouse-ssot: ${verdict} in ${files} source ${files === 1 ? 'file' : 'files'}.`,
    ...describeSince(results),
    ...describeKnown(results),
  ];
}

function limit(kind: string, count: number): string[] {
  return count <= shownAnnotations
    ? []
    : [`GitHub shows ${shownAnnotations} of these ${count} ${kind} as annotations. This log has all of them.`];
}
