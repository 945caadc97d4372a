import type { AuditResult } from '../../audit/audit-result.js';
import { type Markup, markup } from '../markup/markup.js';
import { sentencesOf } from '../audit-sentences.js';
import { codeOf, type PageContext, placeLink, prose } from './page-context.js';
import { tableMarkup } from './table.js';

/** Returns what the user permits: sanctions and disable comments, each with its reason. */
export function exceptionsMarkup({ sanctioned, disabled }: AuditResult, context: PageContext): Markup {
  return tableMarkup({
    id: 'exceptions',
    caption: 'Exceptions',
    hasHeading: false,
    columns: ['Rule', 'Place', 'Reason'],
    choice: 0,
    rows: [...sanctioned, ...disabled].map((found) => ({
      cells: [
        { content: markup`<code>${found.rule}</code>`, value: found.rule },
        { content: [placeLink(found, context), codeOf(found, context)], value: `${found.file}:${String(found.line).padStart(7, '0')}` },
        { content: prose(found.reason ?? 'A comment without a reason.') },
      ],
    })),
  });
}

/** Returns the sentences about what was not judged, what has no effect, and how the audit understood the code. */
export function notesMarkup(result: AuditResult): Markup[] {
  const { staleSettings, notJudged, information } = sentencesOf([result]);
  const list = (title: string, sentences: readonly string[]): Markup[] =>
    sentences.length === 0
      ? []
      : [markup`<h3>${title}</h3><ul class="notes">${sentences.map((sentence) => markup`<li>${prose(sentence)}</li>`)}</ul>`];
  return [
    ...list(
      'Not judged',
      notJudged.map(({ message }) => message),
    ),
    ...list('Settings without effect', staleSettings),
    ...list('How the audit understood the code', information),
  ];
}
