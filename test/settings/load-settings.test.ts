import { describe, expect, it } from 'vitest';
import { readSettings, type SettingsProblem } from '../../src/settings/load-settings.js';
import { codeBase } from '../project/code-base.js';

function problemsOf(file: string | object, override?: unknown): readonly SettingsProblem[] {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  const result = readSettings('/root', override, () => text);
  return result.ok ? [] : result.problems;
}

describe('settings', () => {
  it('have defaults for all keys if nothing is set', () => {
    const defaults = readSettings('/root', undefined, () => undefined);
    expect(defaults).toMatchObject({ ok: true, settings: { factories: [], accessors: [], sanctioned: [] } });
    expect(defaults).toEqual(readSettings('/root', undefined, () => '{}'));
  });

  it('may have comments and trailing commas', () => {
    expect(readSettings('/root', undefined, () => '// a comment\n{ "factories": ["src/db.ts",], }')).toMatchObject({
      ok: true,
      settings: { factories: ['src/db.ts'] },
    });
  });

  it('of a linter configuration replace single keys of the file', () => {
    const result = readSettings('/root', { factories: ['other.ts'] }, () => '{ "factories": ["src/db.ts"], "managers": ["m.ts"] }');
    expect(result).toMatchObject({ ok: true, settings: { factories: ['other.ts'], managers: ['m.ts'] } });
  });

  it('that are undefined in a linter configuration replace nothing', () => {
    expect(readSettings('/root', { factories: undefined }, () => '{ "factories": ["src/db.ts"] }')).toMatchObject({
      ok: true,
      settings: { factories: ['src/db.ts'] },
    });
  });
});

describe('a mistake in the settings', () => {
  it('names an unknown key and the most similar valid key', () => {
    expect(problemsOf({ factorys: [] })).toMatchObject([{ key: 'factorys', nearest: 'factories', source: 'clickhouse-ssot.config.json' }]);
  });

  it('names an unknown key in a nested object, by its path', () => {
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['no-direct-client'], reason: 'r', reasons: 'x' }] })).toMatchObject([
      { key: 'sanctioned[0].reasons', nearest: 'reason' },
    ]);
    expect(problemsOf({ accessors: [{ module: 'a.ts', name: 'f', bypass: { parameter: 'mode', valu: 'direct' } }] })).toMatchObject([
      { key: 'accessors[0].bypass.value', found: 'nothing' },
      { key: 'accessors[0].bypass.valu', nearest: 'value' },
    ]);
  });

  it('names every unknown key, and suggests nothing if no key is similar', () => {
    const problems = problemsOf({ factorys: [], nonsense: 1 });
    expect(problems.map(({ key, nearest }) => [key, nearest])).toEqual([
      ['factorys', 'factories'],
      ['nonsense', undefined],
    ]);
    expect(problems[1]?.message).toContain('one of $schema, factories, accessors');
  });

  it('describes a missing key', () => {
    expect(problemsOf({ accessors: [{ name: 'getClient' }] })).toMatchObject([
      { key: 'accessors[0].module', found: 'nothing', expected: 'the path of the module that exports the accessor, relative to the root' },
    ]);
  });

  it('names the value found and the value expected', () => {
    const [problem] = problemsOf({ managers: 'src/manager.ts' });
    expect(problem).toMatchObject({ key: 'managers', found: '"src/manager.ts"', expected: 'an array' });
    expect(problem?.message).toContain('managers');
  });

  it('is a sanction without a reason', () => {
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['no-direct-client'] }] })).toMatchObject([
      { key: 'sanctioned[0].reason', found: 'nothing' },
    ]);
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['no-direct-client'], reason: '  ' }] })).toMatchObject([
      { key: 'sanctioned[0].reason' },
    ]);
  });

  it('is a rule that does not exist', () => {
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['no-direct-clients'], reason: 'r' }] })).toMatchObject([
      { key: 'sanctioned[0].rules[0]', found: '"no-direct-clients"', nearest: 'no-direct-client' },
    ]);
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['clickhouse-ssot/no-direct-client'], reason: 'r' }] })).toMatchObject([
      { nearest: 'no-direct-client' },
    ]);
  });

  it.each([
    ['leaves the root', '../other/src.ts'],
    ['does not start at the root', '/abs/src.ts'],
    ['starts at a drive', 'C:/src/db.ts'],
    ['has backslashes', 'src\\db.ts'],
    ['is empty', ''],
  ])('is a path that %s', (_, path) => {
    expect(problemsOf({ factories: [path] })).toMatchObject([{ key: 'factories[0]', found: JSON.stringify(path) }]);
  });

  it('is a pattern for the module of an accessor', () => {
    expect(problemsOf({ accessors: [{ module: 'src/*.ts', name: 'f' }] })).toMatchObject([{ key: 'accessors[0].module' }]);
  });

  it('is a settings file that cannot be read', () => {
    const root = codeBase({ 'clickhouse-ssot.config.json/a.ts': '' });
    expect(readSettings(root)).toMatchObject({
      ok: false,
      problems: [{ source: 'clickhouse-ssot.config.json', found: expect.stringContaining('EISDIR') as string }],
    });
  });

  it('is text that is not JSON, with line and column', () => {
    expect(problemsOf('{\n  "factories": [}')[0]?.message).toContain('line 2, column 17');
  });

  it('is a file whose content is no object', () => {
    for (const text of ['[]', 'null', '3', '""', '']) expect(problemsOf(text)).not.toEqual([]);
  });

  it('in a linter configuration names that configuration as its source', () => {
    expect(problemsOf({}, { factories: 1 })).toMatchObject([{ source: "settings['clickhouse-ssot']", key: 'factories' }]);
    expect(problemsOf({}, 'nonsense')).toMatchObject([{ source: "settings['clickhouse-ssot']" }]);
  });

  it('is a value that JSON cannot express, described like any other', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const value of [() => [], Symbol('x'), 3n, cyclic])
      expect(problemsOf({}, { factories: value })).toMatchObject([{ key: 'factories', expected: 'an array' }]);
  });

  it('is reported together with all others', () => {
    expect(problemsOf({ factories: 1, managers: 2, nonsense: 3 })).toHaveLength(3);
  });
});

describe('a client of the settings', () => {
  const message = (client: object) => problemsOf({ clients: [client] }).map((problem) => problem.message);

  it('is a package or a module', () => {
    expect(message({ package: '@acme/ch', constructors: ['createClient', 'default', 'Module.forRoot', '$a.b.c'] })).toEqual([]);
    expect(message({ module: 'src/lib/http.ts', constructors: ['Http'] })).toEqual([]);
  });

  it.each<[object, string]>([
    [
      { package: './src/http.ts', constructors: ['Http'] },
      '"clients[0].package": found "./src/http.ts", expected the name of a package; for a file of this project use "module" instead.',
    ],
    [
      { package: '/http.ts', constructors: ['Http'] },
      '"clients[0].package": found "/http.ts", expected the name of a package; for a file of this project use "module" instead.',
    ],
    [{ module: 'src/**', constructors: ['Http'] }, '"clients[0].module": found "src/**", expected the path of one module, not a pattern.'],
    [
      { module: '../http.ts', constructors: ['Http'] },
      '"clients[0].module": found "../http.ts", expected a path inside the root, without "..".',
    ],
    [
      { package: 'a', module: 'b.ts', constructors: ['c'] },
      '"clients[0]": found { package: \'a\', module: \'b.ts\', constructors: [ \'c\' ] }, expected either "package" or "module".',
    ],
    [{ constructors: ['c'] }, '"clients[0]": found { constructors: [ \'c\' ] }, expected either "package" or "module".'],
    [
      { package: 'a', constructors: ['not a name'] },
      '"clients[0].constructors[0]": found "not a name", expected the name of an export, such as createClient or ClickHouseModule.forRoot.',
    ],
    [
      { package: 'a', constructors: ['.forRoot'] },
      '"clients[0].constructors[0]": found ".forRoot", expected the name of an export, such as createClient or ClickHouseModule.forRoot.',
    ],
  ])('is refused as %j', (client, text) => {
    expect(message(client)).toEqual([`clickhouse-ssot.config.json: ${text} Change it. Until then, no clickhouse-ssot rule runs.`]);
  });
});
