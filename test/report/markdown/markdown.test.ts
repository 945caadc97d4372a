import { JSDOM } from 'jsdom';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { auditPaths } from '../../../src/audit/audit-paths.js';
import type { AuditFinding, AuditResult } from '../../../src/audit/audit-result.js';
import { checklistOf } from '../../../src/audit/checklist/checklist.js';
import { readDocumentation } from '../../../src/audit/checklist/read-documentation.js';
import { maxMarkdown, toMarkdown } from '../../../src/report/markdown/markdown.js';
import type { Environment } from '../../../src/report/source-links.js';
import { copyOf } from '../../e2e/hosts.js';
import { clean, finding } from '../results.js';
import { diagramsOf, draw } from './real-mermaid.js';

function markdownOf(result: AuditResult, environment: Environment = {}): string {
  return toMarkdown(result, { repository: result.root, environment });
}

/** The report as a forge shows it. */
function shown(markdown: string) {
  const { body } = new JSDOM(marked.parse(markdown, { async: false })).window.document;
  const all = (selector: string) => [...body.querySelectorAll(selector)];
  const texts = (selector: string) => all(selector).map(({ textContent }) => textContent ?? '');
  return { text: body.textContent ?? '', all, texts };
}

function auditOf(fixture: string): AuditResult {
  const outcome = auditPaths({ paths: [copyOf(fixture)], selection: { preset: 'strict', rules: [] } });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  const { result } = outcome;
  return { ...result, checklist: checklistOf(result, () => readDocumentation(result.root)) };
}

/** Findings of several rules and causes, more than any comment can hold. */
function many(count: number, messageOf: (index: number) => string): AuditFinding[] {
  const rules = ['no-direct-client', 'no-raw-http', 'single-config-source'];
  return Array.from({ length: count }, (_, index) => ({
    ...finding,
    rule: rules[index % rules.length] ?? '',
    file: `src/a/long/folder/name/file-${index}.ts`,
    message: messageOf(index),
  }));
}

describe('the report as Markdown', () => {
  const before = auditOf('incident-before');

  it('has the verdict, the checklist, both states, the findings and the next steps', () => {
    const { texts } = shown(markdownOf(before));
    expect(texts('h2, h3')).toEqual(['Access to ClickHouse', 'Checklist', 'Current state', 'Target state', 'Findings', 'Next steps']);
    expect(texts('p strong')[0]).toMatch(/^19 findings: 1 no-connection-recursion, /);
    expect(texts('tbody tr')).toHaveLength(9);
    expect(texts('h4').map((title) => title.replace(/.*: /, '')).length).toBe(9);
  });

  it('has diagrams that Mermaid draws: the recursion hop by hop, and a target state without it', async () => {
    const [current = '', target = ''] = diagramsOf(markdownOf(before));
    const hops = [...(await draw(current)).querySelectorAll('.edgeLabel .edgeLabel')].map(({ textContent }) => textContent?.trim());
    expect(hops.filter((hop) => hop !== '').sort()).toEqual(['1', '2', '3', '4', '5']);
    const nodes = [...(await draw(target)).querySelectorAll('.node .nodeLabel')].map(({ textContent }) => textContent ?? '');
    expect(nodes.some((node) => node.startsWith('getClickHouseClient'))).toBe(true);
    expect(target).not.toContain('recursion');
  });

  it('says of a code base in order that it is in the target state', async () => {
    const markdown = markdownOf(auditOf('incident-after'));
    expect(markdown).toContain('**No findings.** 9 of 9 requirements of the checklist pass.');
    expect(markdown).toContain('This is the target state as well.');
    for (const diagram of diagramsOf(markdown)) await expect(draw(diagram)).resolves.toBeDefined();
  });

  it('has no diagram and no checklist for code without ClickHouse', () => {
    expect(shown(markdownOf(clean)).texts('h3')).toEqual(['Next steps']);
  });

  it.each([
    [
      'GitHub',
      { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: 'abc' },
      'https://github.com/acme/shop/blob/abc/app/src/a%20(1).ts#L3',
    ],
    [
      'GitLab',
      { CI_PROJECT_URL: 'https://gitlab.example/acme/shop', CI_COMMIT_SHA: 'abc' },
      'https://gitlab.example/acme/shop/-/blob/abc/app/src/a%20(1).ts#L3',
    ],
    [
      'Gitea',
      { GITHUB_SERVER_URL: 'https://git.example', GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: 'abc', GITEA_ACTIONS: 'true' },
      'https://git.example/acme/shop/src/commit/abc/app/src/a%20(1).ts#L3',
    ],
  ])('links places to the commit in a job of %s', (_, environment, url) => {
    const result: AuditResult = { ...clean, root: '/code/app', findings: [{ ...finding, file: 'src/a (1).ts' }] };
    const { all } = shown(toMarkdown(result, { repository: '/code', environment }));
    const links = all('li a').map((link) => link.getAttribute('href')?.replace('%28', '(').replace('%29', ')'));
    expect(links).toEqual([url]);
  });

  it('has places without links elsewhere', () => {
    const { all, texts } = shown(markdownOf({ ...clean, findings: [finding] }));
    expect(all('li a')).toHaveLength(0);
    expect(texts('li code')).toContain('src/a.ts:3');
  });

  it('folds long lists of places and of causes', () => {
    const result: AuditResult = { ...clean, findings: [...many(30, () => 'The same.'), ...many(30, (index) => `Cause ${index}.`)] };
    const { texts } = shown(markdownOf(result));
    expect(texts('summary')).toEqual(expect.arrayContaining(['10 places', '8 more of no-raw-http']));
    expect(texts('li').filter((item) => item.includes('src/a/long/folder/name/file-29.ts')).length).toBeGreaterThan(0);
  });

  describe('that would be too long', () => {
    it.each([
      ['causes', many(3000, (index) => `Cause ${index}: ${'word '.repeat(40)}`)],
      ['places', many(9000, () => 'The same.')],
      ['messages', many(400, (index) => `${index}${'<&@a'.repeat(3000)}`)],
    ])('by its %s keeps the limit, and says how much is left out and how to see it', (_, findings) => {
      const markdown = markdownOf({ ...clean, findings });
      expect(markdown.length).toBeLessThanOrEqual(maxMarkdown);
      const { text, texts } = shown(markdown);
      const [, leftOut] = /(\d+) of \d+ findings have no place here/.exec(text) ?? [];
      const places = texts('li code').filter((code) => code.startsWith('src/a/long/folder/name/'));
      expect(Number(leftOut)).toBe(findings.length - places.length);
      expect(text).toContain('npx clickhouse-ssot audit');
      expect(texts('h4')).toHaveLength(3);
    });

    it('keeps the limit whatever is long', () => {
      const long = '@a<&|'.repeat(20_000);
      const result: AuditResult = {
        ...clean,
        findings: many(50, () => long).map((entry) => ({ ...entry, file: long, path: [{ name: long, file: long, line: 1, column: 1 }] })),
        staleSettings: Array.from({ length: 50 }, () => long),
        notJudged: Array.from({ length: 50 }, () => ({ file: long, message: long })),
        factories: Array.from({ length: 50 }, () => ({ file: long, status: 'inferred', reason: long, deployables: [long] })),
        checklist: Array.from({ length: 7 }, () => ({
          id: 'x',
          requirement: 'It holds',
          verdict: 'fail',
          evidence: long,
          places: [{ file: long, line: 1, column: 1 }],
        })),
      };
      const markdown = markdownOf(result);
      expect(markdown.length).toBeLessThanOrEqual(maxMarkdown);
      expect(markdown).toContain('50 findings');
    });
  });

  describe('of hostile names', () => {
    const names = [
      'a|b',
      '`a`|``b``',
      '<script>alert(1)</script>',
      '</details><img src=x onerror=alert(1)>',
      '[a](javascript:alert(1))',
      '**a** _b_ ~c~',
      '![a](https://evil.example/a.png)',
      '<!-- a',
      'a\n\n# b',
      '```mermaid',
    ];

    it.each(names)('shows %j as it is', (name) => {
      const result: AuditResult = {
        ...clean,
        findings: [{ ...finding, file: name, message: `${name} is here.`, path: [{ name, file: name, line: 1, column: 1 }] }],
        notJudged: [{ file: name, message: name }],
        checklist: [
          { id: 'x', requirement: 'It holds', verdict: 'fail', evidence: `${name}.`, places: [{ file: name, line: 1, column: 1 }] },
        ],
      };
      const { texts } = shown(markdownOf(result));
      const flat = name.replace(/\n+/g, ' ');
      expect(texts('script, img, li a, pre, em, del')).toEqual([]);
      expect(texts('td')).toHaveLength(3);
      expect(texts('h2, h3')).toEqual(['Access to ClickHouse', 'Checklist', 'Findings', 'Next steps']);
      expect(texts('td')[2]).toContain(`${flat}:1`);
      expect(texts('ol code')).toContain(flat);
    });

    it('mentions no user and no issue', () => {
      const markdown = markdownOf({ ...clean, findings: [{ ...finding, message: 'See @acme/db, "@acme", #12 and !34.' }] });
      expect(markdown).not.toMatch(/@acme|#12|!34/);
      expect(shown(markdown).text).toContain('See @acme/db, "@acme", #12 and !34.');
    });

    it('shows characters that would reorder the line', () => {
      const { text } = shown(markdownOf({ ...clean, findings: [{ ...finding, file: 'a\u202Ets.b' }] }));
      expect(text).toContain('a\uFFFDts.b:3');
    });
  });
});
