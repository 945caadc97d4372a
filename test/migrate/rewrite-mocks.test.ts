import { expect, it } from 'vitest';
import { rewriteMocks } from '../../src/migrate/runtime/rewrite-mocks.js';
import { reparse } from '../../src/migrate/rewrite/reparse.js';
import { applyEdits } from '../../src/migrate/rewrite/text-edits.js';

const moved = { keepsClients: false, usesTenants: false };

function rewritten(text: string, code = moved) {
  const { edits, left } = rewriteMocks(reparse('/test/a.test.ts', text), code);
  return { text: applyEdits(text, edits), left: left.map(({ subject, reason }) => `${subject}: ${reason}`) };
}

it.each([
  [
    `vi.mock('@clickhouse/client', () => ({ createClient: vi.fn(() => fake) }));`,
    `vi.mock('@clickhouse-ssot/runtime', () => ({ clickHouse: vi.fn(() => fake) }));`,
  ],
  [
    `jest.mock("@clickhouse/client", () => ({ ...jest.requireActual("@clickhouse/client"), createClient }));`,
    `jest.mock("@clickhouse-ssot/runtime", () => ({ ...jest.requireActual("@clickhouse-ssot/runtime"), clickHouse: createClient }));`,
  ],
  [
    `vi.mock('@clickhouse/client', () => {\n  return { createClient() { return fake; } };\n});`,
    `vi.mock('@clickhouse-ssot/runtime', () => {\n  return { clickHouse() { return fake; } };\n});`,
  ],
])('a mock of createClient becomes one of clickHouse: %s', (before, after) => {
  expect(rewritten(before)).toEqual({ text: after, left: [] });
});

it.each([
  [
    'more than createClient',
    `vi.mock('@clickhouse/client', () => ({ createClient: make, ClickHouseError: Fake }));`,
    'also replaces `ClickHouseError`',
  ],
  ['stubs of all exports', `vi.mock('@clickhouse/client');`, 'is not a literal'],
  [
    'a test that reads the options',
    `const createClient = vi.fn();\nvi.mock('@clickhouse/client', () => ({ createClient }));\nexpect(createClient).toHaveBeenCalledWith({ request_timeout: 5 });`,
    'reads the options of `createClient`',
  ],
  [
    'a test that calls createClient',
    `import { createClient } from '@clickhouse/client';\nvi.mock('@clickhouse/client', () => ({ createClient: vi.fn() }));\ncreateClient();`,
    'calls or checks `createClient` itself',
  ],
])('is left with the reason: %s', (_, before, reason) => {
  const { text, left } = rewritten(before);
  expect(text).toBe(before);
  expect(left).toEqual([expect.stringContaining(reason)]);
});

it('is left if a client of the code under test stays, or comes from ClickHouseTenants', () => {
  const text = `vi.mock('@clickhouse/client', () => ({ createClient: vi.fn() }));`;
  expect(rewritten(text, { ...moved, keepsClients: true }).left).toEqual([
    expect.stringContaining('of the official client and of the runtime'),
  ]);
  expect(rewritten(text, { ...moved, usesTenants: true }).left).toEqual([expect.stringContaining('`ClickHouseTenants`')]);
});
