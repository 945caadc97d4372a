import type { AuditCheck } from '../../audit/audit-result.js';
import { type Markup, markup } from '../markup/markup.js';
import { count } from '../page.js';
import { codeOf, type PageContext, placeLink, prose } from './page-context.js';

const verdicts: Readonly<Record<AuditCheck['verdict'], { readonly text: string; readonly path: string }>> = {
  pass: { text: 'pass', path: 'M4 10.5l4 4 8-9' },
  fail: { text: 'fail', path: 'M5 5l10 10M15 5L5 15' },
  unknown: { text: 'cannot tell', path: 'M5 10h10' },
};

/** Returns the compliance checklist: each requirement with its verdict, its evidence and its places. */
export function checklistMarkup(checklist: readonly AuditCheck[], context: PageContext): Markup {
  return markup`<ul class="checklist">${checklist.map((check) => checkMarkup(check, context))}</ul>`;
}

function checkMarkup({ requirement, verdict, evidence, places }: AuditCheck, context: PageContext): Markup {
  const { text, path } = verdicts[verdict];
  const list = places.map((place) => markup`<li>${placeLink(place, context)}${codeOf(place, context)}</li>`);
  const where =
    places.length === 0
      ? undefined
      : markup`<details><summary>${count(places.length, 'place')}</summary><ul class="places">${list}</ul></details>`;
  return markup`<li class="check ${verdict}"><span class="mark"><svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="${path}"/></svg><span>${text}</span></span><div><strong>${requirement}</strong><p>${prose(evidence)}</p>${where}</div></li>`;
}
