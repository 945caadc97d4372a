import type { AuditFinding, AuditResult } from '../audit/audit-result.js';
import { knownFindings } from '../audit/all-findings.js';

/**
 * Returns the result as a JUnit report, for the test pages of CI systems: a suite for each rule, and in it a failure for each finding. A
 * known finding is skipped. A rule without findings is one test that passes.
 */
export function toJunit(result: AuditResult): string {
  const suites = result.rules.map((rule) => {
    const isOwn = (finding: AuditFinding): boolean => finding.rule === rule;
    return { rule, failures: result.findings.filter(isOwn), skipped: knownFindings(result).filter(isOwn) };
  });
  const numbers = (failures: number, skipped: number): string =>
    `tests="${Math.max(1, failures + skipped)}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const tests = suites.reduce((sum, { failures, skipped }) => sum + Math.max(1, failures.length + skipped.length), 0);
  const skipped = suites.reduce((sum, suite) => sum + suite.skipped.length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="clickhouse-ssot" tests="${tests}" failures="${result.findings.length}" errors="0" skipped="${skipped}">`,
    ...suites.flatMap((suite) => [
      `  <testsuite name="${attribute(suite.rule)}" ${numbers(suite.failures.length, suite.skipped.length)}>`,
      ...suite.failures.flatMap((finding) => [
        `    ${testCase(finding)}>`,
        `      <failure type="${attribute(finding.rule)}" message="${attribute(finding.message.split('\n')[0] ?? '')}">${content(describe(finding))}</failure>`,
        '    </testcase>',
      ]),
      ...suite.skipped.map((finding) => `    ${testCase(finding)}><skipped message="A known finding."/></testcase>`),
      ...(suite.failures.length + suite.skipped.length === 0
        ? [`    <testcase classname="${attribute(suite.rule)}" name="no finding"/>`]
        : []),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ rule, file, line, column }: AuditFinding): string {
  return `<testcase classname="${attribute(rule)}" name="${attribute(`${file}:${line}:${column}`)}" file="${attribute(file)}" line="${line}"`;
}

function describe({ file, line, column, message }: AuditFinding): string {
  return `${file}:${line}:${column}\n${message}`;
}

function attribute(text: string): string {
  return content(text)
    .replaceAll('"', '&quot;')
    .replace(/[\r\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** XML 1.0 has no way to write most control characters, nor halves of a surrogate pair. */
function content(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
