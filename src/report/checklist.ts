import type { AuditCheck } from '../audit/audit-result.js';
import { count, type Page, placeOf, section } from './page.js';
import { wrap } from './wrap-text.js';

const verdicts = { pass: 'pass', fail: 'fail', unknown: 'cannot tell' } as const;
const width = Math.max(...Object.values(verdicts).map(({ length }) => length));

/** Returns the compliance checklist, a verdict with its evidence for each requirement. */
export function describeChecklist(checklist: readonly AuditCheck[], page: Page): string {
  return section(
    'Checklist',
    checklist.map((check) => describeCheck(check, page)),
    page,
  );
}

function describeCheck({ requirement, verdict, evidence, places }: AuditCheck, { colors, width: columns }: Page): string {
  const color = { pass: colors.green, fail: colors.red, unknown: colors.yellow }[verdict];
  const [first] = places;
  const where = first ? ` ${places.length > 1 ? `${count(places.length, 'place')}, first` : 'Place:'} ${placeOf(first)}.` : '';
  const label = color(verdicts[verdict].padEnd(width));
  return wrap(`${label}  ${requirement}. ${evidence}${where}`, columns, '  ', ' '.repeat(width + 4));
}
