import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configs } from '../../src/plugin.js';
import { copyOf, type Reported, runEslint, runOxlint } from './hosts.js';

const hosts: Record<string, (folder: string) => Reported[]> = {
  'ESLint 10': (folder) => runEslint('eslint', folder),
  'ESLint 9': (folder) => runEslint('eslint9', folder),
  oxlint: (folder) => runOxlint(folder),
};

describe('invalid settings', () => {
  it.each(Object.keys(hosts))('are one finding of a run of %s, not one for each file and rule', (host) => {
    const folder = copyOf('incident-before');
    writeFileSync(join(folder, 'clickhouse-ssot.config.json'), '{ "factorys": ["backend/src/db/clickhouse.ts"] }');
    const reported = hosts[host]?.(folder) ?? [];
    expect(reported).toHaveLength(1);
    expect(reported[0]).toMatchObject({
      rule: 'valid-settings',
      line: 1,
      column: 1,
      message: expect.stringContaining('clickhouse-ssot.config.json: "factorys"') as string,
    });
    expect(reported[0]?.message).toContain('Did you mean "factories"?');
  });
});

describe('settings that match nothing', () => {
  const settings = { factories: ['backend/src/db/clickhouse.ts'], managers: ['none'], tests: ['nothing/**'] };
  const problems = [
    'clickhouse-ssot.config.json: "managers[0]": "none" matches no source file. Correct or remove it.',
    'clickhouse-ssot.config.json: "tests[0]": "nothing/**" matches no source file. Correct or remove it.',
  ];

  it.each(Object.keys(hosts))('are reported once in a run of %s, beside the findings', (host) => {
    const folder = copyOf('incident-before');
    writeFileSync(join(folder, 'clickhouse-ssot.config.json'), JSON.stringify(settings));
    const reported = hosts[host]?.(folder) ?? [];
    const stale = reported.filter(({ rule }) => rule === 'no-stale-settings');
    expect(stale.map(({ message }) => message).sort()).toEqual(problems);
    expect(new Set(stale.map(({ file, line, column }) => `${file}:${line}:${column}`)).size).toBe(1);
    expect(stale[0]).toMatchObject({ line: 1, column: 1 });
    expect(reported.length).toBeGreaterThan(stale.length);
  });

  it('are warnings of the preset recommended and errors of strict; invalid settings are errors of both', () => {
    expect(configs.recommended.rules).toMatchObject({
      'clickhouse-ssot/no-stale-settings': 'warn',
      'clickhouse-ssot/valid-settings': 'error',
    });
    const severities = Object.values(configs.strict.rules).map((entry) => (typeof entry === 'string' ? entry : entry[0]));
    expect(new Set(severities)).toEqual(new Set(['error']));
  });
});
