import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
      line: 1,
      column: 1,
      message: expect.stringContaining('clickhouse-ssot.config.json: "factorys"') as string,
    });
    expect(reported[0]?.message).toContain('Did you mean "factories"?');
  });
});
