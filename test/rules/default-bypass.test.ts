import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import { codeBase } from '../project/code-base.js';

/** An accessor that goes past its manager if `pooled` is false, which it is not by default. */
const parameters: readonly (readonly [name: string, parameter: string, flag: string])[] = [
  ['a default in the pattern', '{ pooled = true }: { pooled?: boolean } = {}', 'pooled'],
  ['a default where the option is read', 'options: { pooled?: boolean } = {}', '(options.pooled ?? true)'],
];

function rulesFor(parameter: string, flag: string, options: string): string[] {
  const root = codeBase({
    'clickhouse-ssot.config.json': { accessors: [{ module: 'db.ts', name: 'getClient', bypass: { parameter: 'pooled', value: false } }] },
    'db.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { manager } from './manager.js';
export async function getClient(${parameter}): Promise<ClickHouseClient> {
  if (${flag}) return manager.take();
  return createClient();
}
`,
    'manager.ts': `import { getClient } from './db.js';
export class ConnectionManager {
  async take() { return getClient(${options}); }
}
export const manager = new ConnectionManager();
`,
  });
  const outcome = audit({ root });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.findings.filter(({ file }) => file === 'manager.ts').map(({ rule, message }) => `${rule}: ${message}`);
}

describe.each(parameters)('an accessor with %s', (_, parameter, flag) => {
  it.each(['', '{ pooled: true }', '{}'])('is not bypassed by a call with (%s)', (options) => {
    const found = rulesFor(parameter, flag, options);
    expect(found).toContainEqual(expect.stringMatching(/^require-manager-bypass: .*Pass "pooled: false" here/));
    expect(found).toContainEqual(expect.stringMatching(/^no-connection-recursion: /));
  });

  it('is bypassed by a call with ({ pooled: false })', () => {
    expect(rulesFor(parameter, flag, '{ pooled: false }').filter((text) => !text.startsWith('no-connection-import-cycle'))).toEqual([]);
  });
});
