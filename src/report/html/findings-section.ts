import { rules } from '../../../rules/index.js';
import type { AuditFinding } from '../../audit/audit-result.js';
import { harmRank } from '../../rule/harm.js';
import { type Content, type Markup, markup } from '../markup/markup.js';
import { count } from '../page.js';
import { codeOf, type PageContext, placeLink, prose } from './page-context.js';
import { tableMarkup } from './table.js';

/** Returns the findings as a table, the most harmful first. */
export function findingsMarkup(findings: readonly AuditFinding[], id: string, caption: string, context: PageContext): Markup {
  const sorted = [...findings].sort((a, b) => harmRank(a.rule) - harmRank(b.rule) || compare(a.rule, b.rule));
  return tableMarkup({
    id,
    caption,
    hasHeading: false,
    columns: ['Rule', 'Place', 'Finding'],
    choice: 0,
    rows: sorted.map((finding) => ({
      cells: [
        { content: ruleLink(finding.rule), value: finding.rule },
        { content: [placeLink(finding, context), scopeOf(finding)], value: `${finding.file}:${String(finding.line).padStart(7, '0')}` },
        { content: [markup`<p>${prose(finding.message.split('\n')[0] ?? '')}</p>`, codeOf(finding, context), pathOf(finding, context)] },
      ],
    })),
  });
}

function scopeOf({ scope, fixable }: AuditFinding): Content {
  return [
    scope === 'test' ? markup` <span class="tag">test</span>` : undefined,
    fixable ? markup` <span class="tag">a linter can repair it with --fix</span>` : undefined,
  ];
}

/** Each step of a path with its code. */
function pathOf({ path }: AuditFinding, context: PageContext): Content {
  if (path.length === 0) return undefined;
  const steps = path.map((step) => markup`<li><code>${step.name}</code> ${placeLink(step, context)}${codeOf(step, context)}</li>`);
  return markup`<details class="path"><summary>Path of ${count(path.length, 'step')}</summary><ol>${steps}</ol></details>`;
}

/** Returns a rule as a link to its page. */
function ruleLink(name: string): Markup {
  const url = Object.values(rules).find((rule) => rule.name === name)?.meta.docs.url;
  return url === undefined ? markup`<code>${name}</code>` : markup`<a href="${url}"><code>${name}</code></a>`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
