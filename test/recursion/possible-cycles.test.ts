import { describe, expect, it } from 'vitest';
import { findingsOf } from './recursions-of.js';

const proven = 'no-connection-recursion';
const possible = 'no-possible-connection-recursion';

function verdictsOf(files: Readonly<Record<string, string>>): string[] {
  const [found = []] = findingsOf([proven, possible], [files]);
  return found.map(({ rule, message }) => `${rule}: ${message}`);
}

describe('a statement that is repeated after a failure, by way of another method', () => {
  const service = (query: string, again = 'return this.query(sql);') => ({
    'service.ts': `import { createClient } from '@clickhouse/client';
class Service {
  private readonly client = createClient();
  ${query}
  private async again(sql: string, attempts = 0): Promise<unknown> { ${again} }
  private async last(sql: string): Promise<unknown> { return this.client.query({ query: sql }); }
}
export const service = new Service();`,
  });
  const caught = (handler: string, parameters = 'sql: string') =>
    `async query(${parameters}): Promise<unknown> { try { return await this.client.query({ query: sql }); } catch (error) { ${handler} } }`;

  it('is a possible recursion in a catch clause', () => {
    expect(verdictsOf(service(caught('return this.again(sql);')))).toEqual([
      expect.stringMatching(new RegExp(`^${possible}: \`Service.query\` may call itself .* It does if .* fails each time`)),
    ]);
  });

  it('is a possible recursion in a callback of catch', () => {
    const query = 'query(sql: string): Promise<unknown> { return this.client.query({ query: sql }).catch(() => this.again(sql)); }';
    expect(verdictsOf(service(query))).toEqual([expect.stringContaining(`${possible}: \`Service.query\` may call itself`)]);
  });

  it('is a proven recursion if the code surely fails', () => {
    const query = `async query(sql: string): Promise<unknown> { try { throw new Error(sql); } catch { return this.again(sql); } }`;
    expect(verdictsOf(service(query))).toEqual([expect.stringContaining(`${proven}: \`Service.query\` calls itself`)]);
  });

  it('is no recursion if the statement is not repeated, or the attempts are counted', () => {
    const counted = caught('if (attempts === 0) throw error; return this.again(sql, attempts - 1);', 'sql: string, attempts = 3');
    expect(verdictsOf(service(caught('return this.last(sql);')))).toEqual([]);
    expect(verdictsOf(service(counted, 'return this.query(sql, attempts);'))).toEqual([]);
  });
});

describe('an accessor that asks an AsyncLocalStorage for its mode', () => {
  const program = (condition: string, open: string) => ({
    'client.ts': `import { AsyncLocalStorage } from 'node:async_hooks';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { open } from './manager.js';
export const scope = new AsyncLocalStorage<{ direct: boolean }>();
export async function getClient({ direct = false } = {}): Promise<ClickHouseClient> {
  if (${condition}) return createClient();
  return await open();
}`,
    'manager.ts': `import { getClient, scope } from './client.js';
export async function open() { return await ${open}; }`,
  });

  it('is called no proven recursion if the manager enters the storage', () => {
    const [verdict, ...others] = verdictsOf(
      program('direct || scope.getStore()?.direct', 'scope.run({ direct: true }, () => getClient())'),
    );
    expect(verdict).toContain(`${possible}: \`getClient\` may call itself`);
    expect(others).toEqual([]);
  });

  it('is a proven recursion if the storage decides nothing', () => {
    const found = verdictsOf(program('direct', 'scope.run({ direct: true }, () => getClient())'));
    expect(found).toEqual([expect.stringContaining(`${proven}: \`getClient\` calls itself`)]);
  });
});
