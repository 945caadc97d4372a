import { allFindings } from '../../audit/all-findings.js';
import type { AuditCheck, AuditResult } from '../../audit/audit-result.js';
import { isSameState, targetState } from '../diagram/target-state.js';
import { nextSteps } from '../next-steps.js';
import { count } from '../page.js';
import { type Environment, type LinkOf, jobLinks } from '../source-links.js';
import { summaryOf } from '../summary.js';
import { prose, shorten, tableCell } from './escape.js';
import { type Detail, findingSection, fold, placeLink } from './findings.js';
import { hopsOf } from './hops.js';
import { flowchart, legend } from './mermaid.js';

/** Where the report is shown. */
export interface MarkdownOptions {
  /** Absolute path of the repository that contains the project. */
  readonly repository: string;
  /** Variables of the environment: in a job of GitHub or GitLab, places are links. Default: none. */
  readonly environment?: Environment | undefined;
}

/** GitHub refuses a comment that is longer. GitLab accepts more. */
export const maxMarkdown = 65_536;

/** The first line: by it, a workflow finds the comment of an earlier run. */
export const marker = '<!-- clickhouse-ssot -->';

/** From all to counts alone. The first detail that fits is used, so a longer report loses places before causes. */
const details: readonly Detail[] = [
  { causes: Infinity, places: Infinity },
  { causes: Infinity, places: 50 },
  ...[100, 50, 20, 10, 5, 3, 2, 1].map((causes) => ({ causes, places: Math.min(20, Math.max(3, causes)) })),
  { causes: 1, places: 1 },
];

const seeAll = 'Run `npx clickhouse-ssot audit` to see all, or add `--format json=FILE`.';

const nothing: Detail = { causes: 0, places: 0 };

/**
 * Returns the result as Markdown for a comment on a pull request: the verdict, the checklist, the current and the target state as
 * Mermaid diagrams, and the findings. It is never longer than a comment may be; it says what it leaves out.
 */
export function toMarkdown(result: AuditResult, { repository, environment = {} }: MarkdownOptions): string {
  const linkOf = jobLinks(environment, result.root, repository);
  const head = [marker, ...verdict(result), ...checklist(result.checklist, linkOf)];
  const drawings = diagrams(result);
  const tail = next(result);
  const page = (detail: Detail, drawn: readonly string[]): string =>
    [...head, ...drawn, ...findings(result, detail, linkOf), ...tail].filter((part) => part !== '').join('\n\n');
  for (const detail of [...details, nothing]) {
    const text = `${page(detail, drawings)}\n`;
    if (text.length <= maxMarkdown) return text;
  }
  const reason = 'The report is too long for a comment.';
  const short = `${page(nothing, [`The diagrams are left out. ${reason}`])}\n`;
  return short.length <= maxMarkdown ? short : `${marker}\n\n**${count(result.findings.length, 'finding')}.** ${reason} ${seeAll}\n`;
}

function verdict(result: AuditResult): string[] {
  const [headline = '', ...lines] = summaryOf(result).map((line) => prose(shorten(line, 1500)));
  const { checklist: checks, staleSettings, notJudged, since } = result;
  const passed = checks.filter((check) => check.verdict === 'pass').length;
  const compliance = checks.length === 0 ? '' : ` ${passed} of ${checks.length} requirements of the checklist pass.`;
  return [
    '## Access to ClickHouse',
    `**${headline}**${compliance}`,
    limited(lines.map((line) => `- ${line}`)).join('\n'),
    notes(
      `Gone since ${prose(since?.revision ?? '')}`,
      (since?.gone ?? []).map(({ file, rule, within, count: number = 1 }) => {
        const times = number === 1 ? '' : `, ${number} times`;
        return `${file}: ${rule}${within === '' ? '' : ` in ${within}`}${times}`;
      }),
    ),
    notes('Settings without effect', staleSettings),
    notes(
      'Not judged',
      notJudged.map(({ message }) => message),
    ),
  ];
}

function notes(title: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  return fold(`${title}: ${sentences.length}`, limited(sentences.map((sentence) => `- ${prose(shorten(sentence, 500))}`)).join('\n'));
}

/** At most this many items of a list are shown. */
const maxItems = 12;

function limited(items: readonly string[]): string[] {
  return items.length <= maxItems ? [...items] : [...items.slice(0, maxItems), `- and ${items.length - maxItems} more`];
}

const verdicts = { pass: '✅ pass', fail: '❌ fail', unknown: '❔ cannot tell' } as const;

function checklist(checks: readonly AuditCheck[], linkOf: LinkOf): string[] {
  if (checks.length === 0) return [];
  const rows = checks.map(({ requirement, verdict: result, evidence, places }) => {
    const [first] = places;
    const where = first ? ` ${places.length > 1 ? `${places.length} places, first` : 'Place:'} ${placeLink(first, linkOf)}.` : '';
    const cells = [verdicts[result], prose(requirement), `${prose(shorten(evidence, 500))}${where}`];
    return `| ${cells.map(tableCell).join(' | ')} |`;
  });
  return ['### Checklist', ['| verdict | requirement | evidence |', '| --- | --- | --- |', ...rows].join('\n')];
}

function diagrams(result: AuditResult): string[] {
  const { graph } = result;
  if (graph.edges.length === 0) return [];
  const hops = hopsOf(graph, allFindings(result));
  const current = section('Current state', flowchart(graph, hops), legend(graph));
  const target = targetState(graph);
  if (isSameState(graph, target)) return [current, 'This is the target state as well.'];
  return [current, ...(target.edges.length === 0 ? [] : [section('Target state', flowchart(target), legend(target))])];
}

function section(title: string, diagram: string | undefined, meaning: string): string {
  if (diagram === undefined) return `### ${title}\n\nThe graph is too large for a comment. \`--format json\` has it as \`graph\`.`;
  return [`### ${title}`, `\`\`\`mermaid\n${diagram}\`\`\``, ...(meaning === '' ? [] : [meaning])].join('\n\n');
}

function findings({ findings: all }: AuditResult, detail: Detail, linkOf: LinkOf): string[] {
  if (all.length === 0) return [];
  const { text, leftOut } = findingSection(all, detail, linkOf);
  const notice = `**${leftOut} of ${count(all.length, 'finding')} ${leftOut === 1 ? 'has' : 'have'} no place here**, because a comment has a limit. ${seeAll}`;
  return ['### Findings', leftOut === 0 ? '' : notice, text];
}

function next(result: AuditResult): string[] {
  const steps = nextSteps(result).map((step, index) => `${index + 1}. ${prose(shorten(step, 1000))}`);
  return steps.length === 0 ? [] : ['### Next steps', steps.join('\n')];
}
