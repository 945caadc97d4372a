import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../recursion/recursions-of.js';
import { type DoublePair, publicCode, wrappers } from './double-programs.js';

const files = {
  'package.json': '{ "name": "program", "dependencies": { "@clickhouse/client": "1" } }',
  'src/clickhouse.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
export const client = createClient();
export const getClient = (): ClickHouseClient => client;`,
  'src/names.ts': `export const table = 'events';`,
  'src/events.ts': `import { client } from './clickhouse';
import { table } from './names';
export interface EventStore { count(): Promise<number> }
export const rows = () => client.query({ query: 'SELECT * FROM ' + table }).then((result) => result.json());`,
};

const groups: Readonly<Record<string, readonly DoublePair[]>> = { 'around the original': wrappers, 'of public code': publicCode };
const pairs = Object.values(groups).flat();

function messagesIn(kind: 'own' | 'right'): ReadonlyMap<DoublePair, readonly string[]> {
  const found = findingsOf(
    ['no-adhoc-mock'],
    pairs.map((pair) => ({ ...files, 'src/events.test.ts': pair[kind] })),
  );
  return new Map(pairs.map((pair, index) => [pair, (found[index] ?? []).map(({ message }) => message)]));
}

const own = messagesIn('own');
const right = messagesIn('right');

describe.each(Object.entries(groups))('a test %s', (_, group) => {
  describe.each(group)('$name', (pair) => {
    it('is reported if it makes a double of its own', () => {
      expect(own.get(pair)).toHaveLength(1);
    });

    it('is right if it does not', () => {
      expect(right.get(pair)).toEqual([]);
    });
  });
});

it('the message names the library that makes a double', () => {
  const messages = [...own].filter(([{ name }]) => name.includes('jest-mock-extended')).flatMap(([, found]) => found);
  expect(messages).toEqual([
    expect.stringContaining('In this test, `mock` makes a double of `ClickHouseClient`, the client of "@clickhouse/client", and the file'),
  ]);
});
