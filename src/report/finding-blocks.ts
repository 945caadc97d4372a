import type { AuditFinding } from '../audit/audit-result.js';
import type { FindingGroup } from './group-findings.js';
import { count, type Page, placeOf } from './page.js';
import { wrap } from './wrap-text.js';

/** Returns one block of text for each cause: where and which rule, the message, and below it the path or the further places. */
export function describeFindings(groups: readonly FindingGroup[], page: Page): string[] {
  return groups.map((group) => describeGroup(group, page));
}

function describeGroup({ rule, message, path, findings }: FindingGroup, page: Page): string {
  const { colors, width } = page;
  const [first] = findings;
  const isOne = findings.length === 1 && first !== undefined;
  const header = isOne
    ? `${colors.bold(placeOf(first))}  ${colors.red(rule)}${fixable(findings, page)}`
    : `${colors.red(rule)}  ${colors.bold(count(findings.length, 'place'))}${fixable(findings, page)}`;
  return [
    header,
    wrap(message, width, '  '),
    ...(isOne ? [] : findings.map((finding) => `    ${placeOf(finding)}`)),
    ...path.map((step) => colors.cyan(wrap(step, width, '    ', ' '.repeat(7)))),
  ].join('\n');
}

function fixable(findings: readonly AuditFinding[], { colors }: Page): string {
  const number = findings.filter((finding) => finding.fixable).length;
  if (number === 0) return '';
  return colors.green(number === findings.length ? '  fixable' : `  ${number} fixable`);
}
