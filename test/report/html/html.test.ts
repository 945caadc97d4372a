import { describe, expect, test } from 'vitest';
import type { AuditResult } from '../../../src/audit/audit-result.js';
import { graphOf } from '../diagram/graphs.js';
import { clean, finding } from '../results.js';
import { pageOf } from './pages.js';

const construction = {
  file: 'src/db.ts',
  line: 1,
  column: 1,
  client: '@clickhouse/client',
  constructor: 'createClient',
  sanctioned: true,
  reason: 'a factory',
};
const used: AuditResult = { ...clean, constructions: [construction] };

/** The page without its style sheet and its script. */
function contentOf(page: string): string {
  return page.replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, '');
}

describe('the HTML report', () => {
  test('gives the verdict in one sentence', () => {
    expect(pageOf(used)).toContain('This code reaches ClickHouse in one way: no findings in 12 source files.');
    expect(pageOf(clean)).toContain('No code in these files uses a ClickHouse client.');
    expect(pageOf({ ...used, findings: [finding, { ...finding, rule: 'no-connection-recursion', line: 8 }] })).toContain(
      'This code does not reach ClickHouse in one way: 2 findings, and the most harmful is a connection recursion that never returns, at src/a.ts:8:7.',
    );
  });

  test('lists the most harmful finding first', () => {
    const content = contentOf(pageOf({ ...used, findings: [finding, { ...finding, rule: 'no-connection-recursion' }] }));
    const rows = [...content.matchAll(/data-label="Rule" data-value="([\w-]+)"/g)].map(([, rule]) => rule);
    expect(rows).toEqual(['no-connection-recursion', 'no-direct-client']);
  });

  test('names the runtime if it is the factory', () => {
    const factory = '<dt>Factories</dt><dd>@clickhouse-ssot/runtime</dd>';
    expect(pageOf({ ...used, factories: [], usesRuntime: true })).toContain(factory);
    expect(pageOf({ ...used, factories: [] })).not.toContain(factory);
  });

  test('leaves out sections without content', () => {
    const content = contentOf(pageOf(used));
    for (const id of ['checklist', 'current', 'target', 'findings', 'known', 'permitted', 'notes'])
      expect(content).not.toContain(`<section id="${id}"`);
  });

  test('shows the target state only if it differs', () => {
    const good = graphOf('factory app/db.ts', 'server ClickHouse', 'app/db.ts -> ClickHouse');
    const bad = graphOf(
      'factory app/db.ts',
      'construction app/job.ts',
      'server ClickHouse',
      'app/db.ts -> ClickHouse',
      'app/job.ts -> ClickHouse',
    );
    expect(pageOf({ ...used, graph: good })).toContain('the target state is the current one');
    expect(pageOf({ ...used, graph: good })).not.toContain('id="target-state"');
    expect(pageOf({ ...used, graph: bad })).toContain('id="target-state"');
  });

  test('shows the lines of code of a finding and of each step of its path', () => {
    const path = [{ name: 'getClient', file: 'src/b.ts', line: 2, column: 1 }];
    const lines = ['one', 'two', 'const db = createClient();', 'four'];
    const content = contentOf(
      pageOf(
        { ...used, findings: [{ ...finding, path }] },
        { readLines: (file) => (file === 'src/a.ts' ? lines : ['first', 'return getClient();']) },
      ),
    );
    expect(content).toContain('<span class="line marked"><span class="number">3</span> const db = createClient();</span>');
    expect(content).toContain('<span class="line marked"><span class="number">2</span> return getClient();</span>');
  });

  test('is complete without the code of files that cannot be read', () => {
    expect(contentOf(pageOf({ ...used, findings: [finding] }))).not.toContain('class="excerpt"');
  });

  test('links a place to the editor, and to the forge at the commit of the audit', () => {
    const forge = { kind: 'github', url: 'https://github.com/acme/app', commit: 'abc123', prefix: 'services/api' } as const;
    const content = contentOf(pageOf({ ...used, findings: [finding] }, { links: { editorRoot: '/code', forge } }));
    expect(content).toContain('href="vscode://file/code/src/a.ts:3:7"');
    expect(content).toContain('href="https://github.com/acme/app/blob/abc123/services/api/src/a.ts#L3"');
  });

  test('forbids every request, and allows only its own style and script', () => {
    const page = pageOf(used);
    expect(page).toMatch(
      /content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]+&#39;; script-src &#39;sha256-[\w+/=]+&#39;; /,
    );
    expect(contentOf(page)).not.toMatch(/\ssrc=|<link|style="/);
  });

  test('is the same in two runs', () => {
    const result = { ...used, findings: [finding], graph: graphOf('factory app/db.ts', 'server ClickHouse', 'app/db.ts -> ClickHouse') };
    expect(pageOf(result)).toBe(pageOf(result));
  });
});

describe('a hostile name', () => {
  const hostile = `src/"><img src=x onerror=alert(1)></script><script>alert('1')</script>\u202Egnp.ts`;
  const place = { file: hostile, line: 1, column: 1 };
  const graph = { nodes: [{ id: hostile, kind: 'factory', label: hostile, deployable: hostile, place }], edges: [] } as const;
  const attacked: AuditResult = {
    ...used,
    root: '/</title><script>alert(0)</script>',
    constructions: [{ ...construction, ...place, client: hostile, reason: hostile }],
    findings: [{ ...finding, ...place, message: `${hostile}\n${hostile}`, path: [{ name: hostile, ...place }] }],
    accessors: [{ ...place, name: hostile, evidence: hostile, endLine: 1 }],
    graph,
    disabled: [{ ...finding, ...place, rule: hostile, reason: hostile, commentLine: 1 }],
    information: [hostile],
    notices: [hostile],
  };
  const content = contentOf(pageOf(attacked, { readLines: () => [hostile], links: { editorRoot: '/code' } }));

  test('is text in every part of the page', () => {
    expect(content).not.toMatch(/<img|<script>|onerror=alert\(1\)>/);
    expect(content.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="diagrams">']);
  });

  test('does not turn the direction of text', () => {
    expect(content).toContain('\\u202egnp.ts');
    expect(content.replace(/<script.*?<\/script>/gs, '')).not.toContain('\u202E');
  });
});
