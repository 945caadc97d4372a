import { describe, expect, it } from 'vitest';
import { settingsFileName } from '../../../src/settings/load-settings.js';
import { findingsOf } from '../../recursion/recursions-of.js';
import { declarations, publicCode, type ServicePair } from './service-pairs.js';

const groups: Readonly<Record<string, readonly ServicePair[]>> = { 'in its form': declarations, 'of public code': publicCode };
const pairs = Object.values(groups).flat();

/** The program of a module, beside code that uses the runtime. */
const programOf = (code: string) => ({
  'package.json': '{ "name": "program", "dependencies": { "@clickhouse-ssot/runtime": "1" } }',
  'src/main.ts': `import { clickHouse } from '@clickhouse-ssot/runtime';\nexport const events = clickHouse();`,
  'src/own-client.ts': `export interface ClickHouseClient { query(options: object): Promise<void> }`,
  'src/module.ts': code,
});

function messagesIn(kind: 'concrete' | 'right'): ReadonlyMap<ServicePair, readonly string[]> {
  const found = findingsOf(
    ['use-service-interface'],
    pairs.map((pair) => programOf(pair[kind])),
  );
  return new Map(pairs.map((pair, index) => [pair, (found[index] ?? []).map(({ message }) => message)]));
}

const concrete = messagesIn('concrete');
const right = messagesIn('right');

describe.each(Object.entries(groups))('a declared type %s', (_, group) => {
  describe.each(group)('$name', (pair) => {
    it('is reported if it is the concrete client', () => {
      expect(concrete.get(pair)).toHaveLength(1);
    });

    it('is right if it is not', () => {
      expect(right.get(pair)).toEqual([]);
    });
  });
});

describe('the message names the members that the interface lacks', () => {
  const service = `import type { ClickHouseClient } from '@clickhouse/client';\nexport type Store = Pick<ClickHouseClient, 'query'>;`;
  const lacking = (code: string): readonly string[] => {
    const [findings = []] = findingsOf(
      ['use-service-interface'],
      [
        {
          [settingsFileName]: '{ "service": ["src/service.ts"] }',
          'src/service.ts': service,
          'src/module.ts': `import type { ClickHouseClient } from '@clickhouse/client';\n${code}`,
        },
      ],
    );
    return findings.map(({ message }) => /lacks (.*?), which/.exec(message)?.[1] ?? 'none');
  };

  it.each([
    ['a member of the client', `export const drop = (db: ClickHouseClient) => db.command({ query: 'DROP TABLE t' });`, '`command`'],
    ['no member of a map', `export const of = (all: Map<string, ClickHouseClient>, key: string) => all.get(key);`, 'none'],
    ['no member of an array', `export const size = (all: readonly ClickHouseClient[]) => all.length;`, 'none'],
    ['no member of a promise', `export const ready = (db: Promise<ClickHouseClient>) => db.then(() => true);`, 'none'],
    [
      'no member of another variable of the same name',
      `export const names = (db: ClickHouseClient, all: { name: string }[]) => [db.query({ query: 'SELECT 1' }), all.map((db) => db.name)];`,
      'none',
    ],
    [
      'a member of a field that may be missing',
      `export class A { #db: ClickHouseClient | undefined; run() { return this.#db?.exec({ query: 'SELECT 1' }); } }`,
      '`exec`',
    ],
  ])('%s', (_, code, names) => {
    expect(lacking(code)).toEqual([names]);
  });
});
