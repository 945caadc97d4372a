import { describe, expect, it, vi } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  ClickHouseTenants,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { breakerDefaults, breakerRules } from '../../../runtime/src/resilience/circuit-breaker.js';
import { retryDefaults, retryRules } from '../../../runtime/src/resilience/retry.js';
import { codeSpans, readmeUnits, rowsBelow } from '../../docs/runtime-readme.js';

/** Reads `- Type: number. Unit: milliseconds. Default: `50`. Range: 0 or more.` below the heading of an option. */
function documented(option: string): { fallback: number; type: string; least: number } {
  const item = readmeUnits().find(
    ({ kind, heading, text }) => kind === 'item' && heading === `\`${option}\`` && text.startsWith('- Type: '),
  );
  const [, type = '', fallback = '', least = ''] =
    /^- Type: ([\w ]+)\..* Default: `([^`]+)`\. Range: (\d+) or more\./.exec(item?.text ?? '') ?? [];
  return { type, fallback: Number(fallback.replaceAll('_', '')), least: Number(least) };
}

const config = loadClickHouseConfig({}, { CLICKHOUSE_URL: 'http://127.0.0.1:9' });
const managerOf = (options: object) => new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory(), ...options });

describe.each([
  { group: 'retry', defaults: retryDefaults, rules: retryRules },
  { group: 'breaker', defaults: breakerDefaults, rules: breakerRules },
])('the README has the default, the type and the range of each option of $group', ({ group, defaults, rules }) => {
  it.each(Object.entries(defaults))('%s', (name, value) => {
    const { type, fallback, least } = documented(name);
    expect(fallback).toBe(value);
    const isAccepted = (tried: unknown): boolean => {
      try {
        managerOf({ [group]: { [name]: tried } });
        return true;
      } catch {
        return false;
      }
    };
    expect([least, Infinity, NaN, least - 1, String(least)].map(isAccepted)).toEqual([true, true, false, false, false]);
    expect(isAccepted(least + 0.5)).toBe(type !== 'whole number');
  });

  it('and no other', () => {
    expect(Object.keys(rules).sort()).toEqual(Object.keys(defaults).sort());
  });
});

it('the README has each option of the manager', () => {
  const names = rowsBelow('`new ClickHouseConnectionManager(options)`').map(([name = '']) => codeSpans(name)[0]);
  expect(() => managerOf({ nonsense: 1 })).toThrow(names.join(', '));
});

describe('the README has each member of', () => {
  const manager = managerOf({});

  it('the counters of a manager', () => {
    const { sockets, ...counters } = manager.stats;
    const names = [...Object.keys(counters), ...Object.keys(sockets).map((name) => `sockets.${name}`)];
    expect(rowsBelow('`manager.stats`').map(([name = '']) => codeSpans(name)[0])).toEqual(names);
  });

  it('the counters of the tenants', () => {
    expect(rowsBelow('`tenants.stats`').map(([name = '']) => codeSpans(name)[0])).toEqual(Object.keys(new ClickHouseTenants().stats));
  });

  it('the capabilities', () => {
    expect(rowsBelow('`manager.capabilities`').map(([name = '']) => codeSpans(name)[0])).toEqual(Object.keys(manager.capabilities));
  });

  it('the health of an endpoint', () => {
    expect(manager.health()).toEqual({
      status: 'unknown',
      endpoints: [{ url: 'http://127.0.0.1:9', status: 'unknown', breaker: 'closed', isReady: true }],
    });
  });
});

it('the limits of the tenants have the defaults of the README', async () => {
  const itemOf = (name: string): string => readmeUnits().find(({ text }) => text.startsWith(`- **\`${name}\`** number.`))?.text ?? '';
  const [max, idleMs] = ['max', 'idleMs'].map((name) => Number(/Default: `([\d_]+)`/.exec(itemOf(name))?.[1]?.replaceAll('_', '')));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const tenants = new ClickHouseTenants();
    expect(tenants.stats.max).toBe(max);
    expect(tenants.for({ url: 'http://127.0.0.1:9' }).manager.state).toBe('open');
    await vi.advanceTimersByTimeAsync((idleMs ?? 0) - 1_000);
    expect(tenants.stats).toMatchObject({ open: 1, expired: 0 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(tenants.stats).toMatchObject({ open: 0, expired: 1 });
  } finally {
    vi.useRealTimers();
  }
});
