import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import type { AuditFinding } from '../../../src/audit/audit-result.js';
import { fixture, fixturesIn, markedLines } from '../../places.js';

function recursionsIn(name: string): readonly AuditFinding[] {
  const outcome = audit({ root: fixture(name) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.findings.filter(({ rule }) => rule === 'no-connection-recursion');
}

describe('the verdict on a small service', () => {
  it.each(fixturesIn('recursion'))('%s is the verdict of its README', (name) => {
    const isRecursion =
      /^(?:# .*\n+)?(No recursion|Recursion)/i.exec(readFileSync(join(fixture(name), 'README.md'), 'utf8'))?.[1]?.toLowerCase() ===
      'recursion';
    const lines = recursionsIn(name).map(({ file, line }) => `${file}:${line}`);
    expect(lines).toEqual(markedLines(fixture(name), 'recursion'));
    expect(lines.length > 0).toBe(isRecursion);
  });
});

describe('the recursion of the incident', () => {
  it('is reported with all calls, through three files, from the accessor back to it', () => {
    const [recursion, ...others] = recursionsIn('incident-before');
    expect(others).toEqual([]);
    expect(recursion?.path.map(({ name }) => name)).toEqual([
      'getClickHouseClient',
      'ClickHouseConnectionManager.getConnection',
      'ConnectionPool.acquire',
      'callback in ClickHouseConnectionManager',
      'ClickHouseConnectionManager.openConnection',
    ]);
    expect(new Set(recursion?.path.map(({ file }) => file)).size).toBe(3);
  });

  it('is not found with the runtime', () => {
    expect(recursionsIn('incident-after')).toEqual([]);
  });
});
