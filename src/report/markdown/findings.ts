import { rules } from '../../../rules/index.js';
import type { AuditFinding, AuditPlace } from '../../audit/audit-result.js';
import { groupFindings, type FindingGroup } from '../group-findings.js';
import { count } from '../page.js';
import type { LinkOf } from '../source-links.js';
import { codeSpan, prose, shorten } from './escape.js';

/** How many causes of a rule, and how many places of a cause, a report shows. */
export interface Detail {
  readonly causes: number;
  readonly places: number;
}

/** The findings as Markdown, and how many of them the detail left out. */
export interface FindingSection {
  readonly text: string;
  readonly leftOut: number;
}

/** More than this is folded. */
const unfolded = { causes: 3, places: 5 };

/** The longest message of a rule has about 600 characters; names of the code can be longer. */
const maxMessage = 1200;

/** Returns the findings by rule, the most harmful first, and by cause. */
export function findingSection(findings: readonly AuditFinding[], detail: Detail, linkOf: LinkOf): FindingSection {
  const byRule = new Map<string, FindingGroup[]>();
  for (const group of groupFindings(findings)) byRule.set(group.rule, [...(byRule.get(group.rule) ?? []), group]);
  const sections = [...byRule].map(([rule, groups]) => ruleSection(rule, groups, detail, linkOf));
  return { text: sections.map(({ text }) => text).join('\n\n'), leftOut: sections.reduce((sum, { leftOut }) => sum + leftOut, 0) };
}

function ruleSection(rule: string, groups: readonly FindingGroup[], detail: Detail, linkOf: LinkOf): FindingSection {
  const total = groups.reduce((sum, { findings }) => sum + findings.length, 0);
  const shown = groups.slice(0, detail.causes);
  const told = shown.reduce((sum, { findings }) => sum + Math.min(findings.length, detail.places), 0);
  const blocks = shown.map((group) => causeBlock(group, detail, linkOf));
  const rest = blocks.slice(unfolded.causes);
  const url = Object.values(rules).find(({ name }) => name === rule)?.meta.docs.url;
  const title = url === undefined ? prose(rule) : `[${rule}](${url})`;
  const text = [
    `#### ${title}: ${count(total, 'finding')}`,
    blocks.slice(0, unfolded.causes).join('\n'),
    rest.length === 0 ? '' : fold(`${rest.length} more of ${rule}`, rest.join('\n')),
  ];
  return { text: text.filter((part) => part !== '').join('\n\n'), leftOut: total - told };
}

function causeBlock({ message, findings }: FindingGroup, { places }: Detail, linkOf: LinkOf): string {
  const text = prose(shorten(message, maxMessage));
  const shown = findings.slice(0, places);
  const [first] = shown;
  if (first && findings.length === 1) return [`- ${placeLink(first, linkOf)}: ${text}`, ...pathOf(first, linkOf)].join('\n');
  const list = shown.map((finding) => `- ${placeLink(finding, linkOf)}`).join('\n');
  const rest = findings.length > shown.length ? `\n- and ${count(findings.length - shown.length, 'more place')}` : '';
  if (shown.length <= unfolded.places) return `- ${text}\n${indented(list + rest)}`;
  return `- ${text}\n\n${indented(fold(count(findings.length, 'place'), list + rest))}\n`;
}

/** A path longer than this is cut: each hop is one line. */
const maxHops = 30;

function pathOf({ path }: AuditFinding, linkOf: LinkOf): string[] {
  const steps = path
    .slice(0, maxHops)
    .map((step, index) => `  ${index + 1}. ${codeSpan(shorten(step.name, 200))} at ${placeLink(step, linkOf)}`);
  return path.length > maxHops ? [...steps, `  ${maxHops + 1}. and ${count(path.length - maxHops, 'more hop')}`] : steps;
}

/** Returns a place as `file:line`, with a link if it is known where the code is shown. */
export function placeLink(place: AuditPlace, linkOf: LinkOf): string {
  const text = codeSpan(shorten(`${place.file}:${place.line}`, 300));
  const url = linkOf(place);
  return url === undefined ? text : `[${text}](${url})`;
}

/** Returns Markdown under a summary that opens it. Forges read it as Markdown because of the empty lines. */
export function fold(summary: string, markdown: string): string {
  return `<details><summary>${summary}</summary>\n\n${markdown}\n\n</details>`;
}

function indented(markdown: string): string {
  return markdown.replace(/^(?=.)/gm, '  ');
}
