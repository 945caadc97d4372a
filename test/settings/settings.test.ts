import { describe, expect, it } from 'vitest';
import { readSettings, type SettingsProblem } from '../../src/settings.js';

function problemsOf(file: string | object, override?: unknown): readonly SettingsProblem[] {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  const result = readSettings('/root', override, () => text);
  return result.ok ? [] : result.problems;
}

describe('settings', () => {
  it('are complete where nobody set anything', () => {
    expect(readSettings('/root', undefined, () => undefined)).toMatchObject({ ok: true, settings: { factories: [], accessors: [], sanctioned: [] } });
  });

  it('may have comments and trailing commas', () => {
    expect(readSettings('/root', undefined, () => '// ours\n{ "factories": ["src/db.ts",], }')).toMatchObject({ ok: true, settings: { factories: ['src/db.ts'] } });
  });

  it('of a linter replace single keys of the file', () => {
    const result = readSettings('/root', { factories: ['other.ts'] }, () => '{ "factories": ["src/db.ts"], "managers": ["m.ts"] }');
    expect(result).toMatchObject({ ok: true, settings: { factories: ['other.ts'], managers: ['m.ts'] } });
  });
});

describe('a mistake in the settings', () => {
  it('names an unknown key and the nearest one', () => {
    expect(problemsOf({ factorys: [] })).toMatchObject([{ key: 'factorys', nearest: 'factories', source: 'clickhouse-ssot.config.json' }]);
  });

  it('names an unknown key inside, by its path', () => {
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['no-direct-client'], reason: 'r', reasons: 'x' }] })).toMatchObject([{ key: 'sanctioned[0].reasons', nearest: 'reason' }]);
    expect(problemsOf({ accessors: [{ module: 'a.ts', name: 'f', bypass: { parameter: 'mode', val: 'direct' } }] })[0]).toMatchObject({ key: expect.stringContaining('accessors[0].bypass') as string });
  });

  it('names what was found and what was expected', () => {
    const [problem] = problemsOf({ managers: 'src/manager.ts' });
    expect(problem).toMatchObject({ key: 'managers', found: '"src/manager.ts"', expected: 'an array' });
    expect(problem?.message).toContain('managers');
  });

  it('is a sanctioned site without a reason', () => {
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['no-direct-client'] }] })).toMatchObject([{ key: 'sanctioned[0].reason', found: 'nothing' }]);
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['no-direct-client'], reason: '  ' }] })).toMatchObject([{ key: 'sanctioned[0].reason' }]);
  });

  it('is a rule that does not exist', () => {
    expect(problemsOf({ sanctioned: [{ path: 'a.ts', rules: ['no-direct-clients'], reason: 'r' }] })).toMatchObject([{ key: 'sanctioned[0].rules[0]', found: '"no-direct-clients"' }]);
  });

  it('is a path that leaves the root', () => {
    expect(problemsOf({ factories: ['../other/src.ts'] })).toMatchObject([{ key: 'factories[0]' }]);
    expect(problemsOf({ factories: ['/abs/src.ts'] })).toMatchObject([{ key: 'factories[0]' }]);
  });

  it('is text that is not JSON, with the place', () => {
    expect(problemsOf('{\n  "factories": [}')[0]?.message).toContain('line 2, column 17');
  });

  it('is a file that holds no object', () => {
    for (const text of ['[]', 'null', '3', '""', '']) expect(problemsOf(text)).not.toEqual([]);
  });

  it('of a linter is said of the linter', () => {
    expect(problemsOf({}, { factories: 1 })).toMatchObject([{ source: "settings['clickhouse-ssot']", key: 'factories' }]);
    expect(problemsOf({}, 'nonsense')).toMatchObject([{ source: "settings['clickhouse-ssot']" }]);
  });

  it('comes with all others at once', () => {
    expect(problemsOf({ factories: 1, managers: 2, nonsense: 3 })).toHaveLength(3);
  });
});
