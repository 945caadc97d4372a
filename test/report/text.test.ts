import { describe, expect, it } from 'vitest';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { type TextOptions, toText } from '../../src/report/text.js';
import { clean, finding } from './results.js';

const construction = { file: 'src/db.ts', line: 1, column: 2, client: '@clickhouse/client', constructor: 'createClient', sanctioned: true };

function textOf(result: Partial<AuditResult>, options: Partial<TextOptions> = {}): string {
  return toText({ ...clean, ...result }, { width: Infinity, color: false, ...options });
}

function nextOf(result: Partial<AuditResult>): string[] {
  const [, steps = ''] = textOf(result).split(/\nNext:? ?\n?/);
  return (steps.split('\n\n')[0] ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().replace(/^\d\. /, ''));
}

describe('the text report', () => {
  it('tells a cause once, with each place below it', () => {
    const places = Array.from({ length: 19 }, (_, index) => ({ ...finding, line: index + 1 }));
    const text = textOf({ findings: places });
    expect(text.split(finding.message)).toHaveLength(2);
    expect(text).toMatch(/^no-direct-client {2}19 places\n {2}A client .*\n {4}src\/a\.ts:1:7\n {4}src\/a\.ts:2:7\n/);
    expect(text.match(/src\/a\.ts:\d+:7$/gm)).toHaveLength(19);
  });

  it('begins a finding of its own with its clickable place', () => {
    expect(textOf({ findings: [finding] })).toMatch(/^src\/a\.ts:3:7 {2}no-direct-client\n {2}A client is /);
  });

  it('lists what never returns first, then import cycles, nested acquires, missing bypasses and direct clients', () => {
    const rules = [
      'no-connection-recursion',
      'no-connection-import-cycle',
      'no-nested-acquire',
      'require-manager-bypass',
      'no-direct-client',
      'some-later-rule',
    ];
    const text = textOf({ findings: [...rules].sort().map((rule) => ({ ...finding, rule })) });
    expect([...text.matchAll(/^src\/a\.ts:3:7 {2}(\S+)/gm)].map(([, rule]) => rule)).toEqual(rules);
    expect(text).toContain(`6 findings: ${rules.map((rule) => `1 ${rule}`).join(', ')}.`);
  });

  it('prints a path with one step per line', () => {
    const message = 'It calls itself.\n  getClient (src/db.ts:1)\n  -> Manager.take (src/manager.ts:2)\n  -> getClient';
    expect(textOf({ findings: [{ ...finding, message }] })).toContain(
      '\n    getClient (src/db.ts:1)\n    -> Manager.take (src/manager.ts:2)\n    -> getClient\n',
    );
  });

  it.each([40, 60, 80])('keeps to a terminal of %d columns, and never breaks a place', (width) => {
    const file = `packages/${'long-'.repeat(20)}name.ts`;
    const message = `${'Words and more words. '.repeat(12)}\n  -> Manager.take (src/manager.ts:2)`;
    const sentence = 'A notice in several words. '.repeat(5);
    const text = textOf(
      {
        findings: [{ ...finding, message }, { ...finding, file }, finding],
        constructions: [{ ...construction, sanctioned: true, reason: sentence }],
        wrappers: [{ file: 'src/w.ts', line: 1, column: 1, name: 'Store', kind: 'class', uses: [finding] }],
        factories: [{ file: 'src/db.ts', status: 'inferred', reason: sentence, deployables: [] }],
        staleSettings: [sentence],
        notJudged: [{ file: 'src/c.ts', message: sentence }],
        information: [sentence],
        paths: ['src'],
      },
      { width, detail: 'verbose' },
    );
    expect(text).toContain(`${file}:3:7`);
    for (const line of text.split('\n').filter((line) => !line.includes(file))) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('breaks no line if the output is no terminal', () => {
    const message = 'Words and more words. '.repeat(12).trim();
    expect(textOf({ findings: [{ ...finding, message }] })).toContain(message);
  });

  it('has colours only on request, and the same text with and without', () => {
    const result = { findings: [{ ...finding, fixable: true }], constructions: [construction], staleSettings: ['Something.'] };
    const plain = textOf(result, { detail: 'verbose' });
    const coloured = textOf(result, { color: true, detail: 'verbose' });
    expect(plain).not.toContain('\u001B');
    expect(coloured).toContain('\u001B');
    expect(coloured.replace(/\u001B\[\d+m/g, '')).toBe(plain);
  });

  it('groups several projects', () => {
    const projects = [
      { path: 'a', files: 5, sliceFiles: 1 },
      { path: 'b', files: 7, sliceFiles: 1 },
    ];
    const text = textOf({
      projects,
      findings: [
        { ...finding, file: 'a/x.ts' },
        { ...finding, file: 'b/y.ts' },
      ],
    });
    expect(text).toMatch(/^a\n\na\/x\.ts:3:7 .*\n.*\n\nb\n\nb\/y\.ts:3:7 /);
    expect(text).toContain('2 projects in /code: a, b.');
  });
});

describe('a clean text report', () => {
  it('is the verdict and what was judged', () => {
    expect(textOf({ constructions: [construction] }).split('\n\n')[0]).toBe(
      'No findings.\n12 source files read, 2 analysed in depth; 1 client construction, allowed.',
    );
  });

  it('says what was taken for the factory, and how to write it down', () => {
    const factories = [{ file: 'src/db.ts', status: 'inferred', reason: 'three modules use it', deployables: [] }] as const;
    const text = textOf({ constructions: [construction], factories });
    expect(text).toContain('Inferred factory: src/db.ts, because three modules use it.');
    expect(text).toContain('Next: write the inferred factory down with clickhouse-ssot init');
  });

  it('says that the runtime is the factory', () => {
    expect(textOf({ factories: [], usesRuntime: true })).toContain('\nFactory: @clickhouse-ssot/runtime.\n');
    expect(textOf({ usesRuntime: true })).not.toContain('@clickhouse-ssot/runtime');
  });

  it('of a code base without a client package says so: a wrong folder is not a clean code base', () => {
    expect(nextOf({ factories: [] })[0]).toContain('No client package was found in these files.');
    expect(nextOf({ factories: [], notJudged: [{ file: 'a.ts', message: 'a.ts was skipped.' }] })[0]).toContain(
      'No client package was found in the files that were judged.',
    );
  });

  it('of a part of a project says which part was judged', () => {
    expect(textOf({ paths: ['src/a.ts'] })).toContain('The project is /code, as for the linters. This report shows what is in src/a.ts.');
  });

  it('of a selection of rules names them', () => {
    expect(textOf({ rules: ['no-direct-client'] })).toContain('Only these rules ran: no-direct-client.');
    expect(textOf({})).not.toContain('rules');
  });
});

describe('the detail of a text report', () => {
  const result = {
    constructions: [
      construction,
      { ...construction, file: 'scripts/migrate.ts', reason: 'runs as the DDL user' },
      { ...construction, line: 9, sanctioned: false },
    ],
    wrappers: [
      { file: 'src/store.ts', line: 4, column: 14, name: 'Store', kind: 'class', uses: [{ file: 'src/b.ts', line: 5, column: 1 }] },
      { file: 'src/nest.ts', line: 7, column: 14, name: 'NestStore', kind: 'class', uses: [] },
    ],
    information: ['Accessor: getClient, because it is declared.'],
  } as const;

  it('is without the inventory by default, which does not repeat the places of findings', () => {
    const text = textOf({ ...result, findings: [{ ...finding, file: 'src/db.ts', line: 9, column: 2 }] });
    expect(text.split('src/db.ts:9:2')).toHaveLength(3);
    expect(text).not.toContain('Store');
    expect(text).toContain('--verbose lists');
  });

  it('is the whole inventory with --verbose: constructions, wrappers with their uses, accessors and managers', () => {
    const text = textOf(result, { detail: 'verbose' });
    expect(text).toContain('\n  src/db.ts:1:2  allowed, createClient of @clickhouse/client\n');
    expect(text).toContain('  scripts/migrate.ts:1:2  allowed, createClient of @clickhouse/client: runs as the DDL user\n');
    expect(text).toContain('  src/db.ts:9:2  not allowed, createClient of @clickhouse/client\n');
    expect(text).toContain('  src/store.ts:4:14  Store creates a client for each instance, used at\n      src/b.ts:5:1\n');
    expect(text).toContain('Accessor: getClient, because it is declared.');
    expect(text).not.toContain('--verbose');
  });

  it('does not count the uses of a class that a container may create', () => {
    expect(textOf(result, { detail: 'verbose' })).toMatch(/NestStore creates a client for each instance\n\n/);
  });

  it('is only findings with --quiet, and nothing if there is none', () => {
    const notes = { staleSettings: ['"factories" matches nothing.'], notJudged: [{ file: 'a', message: 'a is unreadable.' }] };
    expect(textOf({ ...result, ...notes }, { detail: 'quiet' })).toBe('');
    expect(textOf({ ...result, ...notes, findings: [finding] }, { detail: 'quiet' })).toBe(
      `src/a.ts:3:7  no-direct-client\n  ${finding.message}\n`,
    );
  });

  it('is what makes the audit fail with --quiet and --strict-settings', () => {
    const text = textOf({ staleSettings: ['"factories" matches nothing.'] }, { detail: 'quiet', strictSettings: true });
    expect(text).toBe('Settings without effect\n  "factories" matches nothing.\n');
  });
});

describe('the next steps of a text report', () => {
  it('begin with the declaration of the factory if many findings depend on it, and not with the first file by name', () => {
    const factories = [
      { file: 'src/x.ts', status: 'undecided', reason: 'it constructs', deployables: [] },
      { file: 'src/y.ts', status: 'undecided', reason: 'it constructs', deployables: [] },
    ] as const;
    const findings = [finding, { ...finding, line: 4 }, { ...finding, rule: 'no-connection-import-cycle', line: 9 }];
    const [first, second] = nextOf({ findings, factories });
    expect(first).toContain('Declare the factory (candidates: src/x.ts, src/y.ts) under "factories"');
    expect(first).toContain('2 findings of no-direct-client depend on it. clickhouse-ssot migrate --factory <file> declares it');
    expect(second).toContain('Remove the import that closes a cycle, at src/a.ts:9:7.');
  });

  it('begin with what never returns, whatever else there is', () => {
    const findings = [finding, { ...finding, file: 'src/z.ts', rule: 'no-connection-recursion' }];
    expect(nextOf({ findings, factories: [] })[0]).toBe('Repair the recursion at src/z.ts:3:7: such a call never returns.');
  });

  it('name production code before tests', () => {
    const findings = [{ ...finding, file: 'a/db.test.ts' }, finding];
    expect(nextOf({ findings })[0]).toBe(
      'Get the client from the factory at 2 places, first src/a.ts:3:7. clickhouse-ssot migrate shows the changes.',
    );
  });

  it('name the runtime if it is the factory, and the command that moves the clients there', () => {
    const [first] = nextOf({ findings: [finding], factories: [], usesRuntime: true });
    expect(first).toBe(
      'Get the client from @clickhouse-ssot/runtime, the factory of this project, at src/a.ts:3:7. clickhouse-ssot migrate --to runtime shows the changes.',
    );
    expect(nextOf({ findings: [finding] }).join('\n')).not.toContain('runtime');
  });

  it('say what to check if the factory is inferred', () => {
    const factories = [{ file: 'src/db.ts', status: 'inferred', reason: 'it is the only one', deployables: [] }] as const;
    expect(nextOf({ findings: [finding], factories })[0]).toContain('If src/db.ts is not the factory, declare the right one');
  });

  it('are no dead end without a linter if a finding is fixable', () => {
    const findings = [{ ...finding, rule: 'require-manager-bypass', fixable: true }];
    expect(nextOf({ findings })[0]).toBe(
      'Pass the bypass that the message names, at src/a.ts:3:7. In ESLint and oxlint, --fix does it in 1 place.',
    );
  });

  it('end with the way to keep code as it is', () => {
    expect(nextOf({ findings: [finding] }).at(-1)).toContain('under "sanctioned"');
  });
});

describe('the text report of an audit with a baseline', () => {
  const baseline = { file: '/code/clickhouse-ssot.baseline.json', known: [finding, finding], stale: [] };

  it('counts the known findings and does not show them', () => {
    const text = textOf({ baseline });
    expect(text).toContain('No new findings.\n2 known findings are not shown: see clickhouse-ssot.baseline.json.\n');
    expect(text).not.toContain(finding.message);
  });

  it('lists stale entries among the settings without effect', () => {
    expect(textOf({ baseline, staleSettings: ['An entry is stale.'] })).toContain('Settings without effect\n  An entry is stale.\n');
  });
});
