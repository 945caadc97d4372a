import { expect, it } from 'vitest';
import { findingsOf } from './recursions-of.js';

const proven = 'no-connection-recursion';
const possible = 'no-possible-connection-recursion';

const programOf = (registrations: string) => ({
  'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
class Container {
  private readonly made = new Map<string, () => any>();
  private readonly kept = new Map<string, any>();
  register(name: string, make: () => any): void { this.made.set(name, make); }
  keep(name: string, value: any): void { this.kept.set(name, value); }
  resolve(name: string): any { return this.kept.get(name) ?? this.made.get(name)!(); }
}
const container = new Container();
${registrations}
export function getClient(): ClickHouseClient { return container.resolve('clickhouse'); }`,
});

const doubtful = {
  'two containers of one class': `const other = new Container();
container.register('clickhouse', () => other.resolve('clickhouse'));
other.register('clickhouse', () => createClient());`,
  'a name that is registered twice': `container.register('clickhouse', () => container.resolve('pool'));
container.register('pool', () => container.resolve('clickhouse'));
container.register('clickhouse', () => createClient());`,
  'an instance that is kept before the container is asked again': `container.register('clickhouse', () => {
  const client = createClient();
  container.keep('clickhouse', client);
  container.resolve('pool');
  return client;
});
container.register('pool', () => container.resolve('clickhouse'));`,
  'names that are computed': `container.register('clickhouse', () => container.resolve(['po', 'ol'].join('')));
container.register('pool', () => container.resolve(['cl', 'ient'].join('')));
container.register('client', () => createClient());`,
};

it.each(Object.entries(doubtful))('a container is called no proven recursion: %s', (_, registrations) => {
  const found = findingsOf([proven, possible], [programOf(registrations)]).flat();
  expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set([possible]));
});

it('a cycle of other registered functions is no recursion of the client', () => {
  const registrations = `container.register('clickhouse', () => createClient());
container.register('logger', () => container.resolve('config'));
container.register('config', () => container.resolve('logger'));`;
  expect(findingsOf([proven, possible], [programOf(registrations)]).flat()).toEqual([]);
});
