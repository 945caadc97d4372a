import { expect, it } from 'vitest';
import { isDebugRequested } from '../../src/trace/debug-variable.js';

it.each([
  [undefined, false],
  ['', false],
  ['clickhouse-ssot', true],
  ['eslint:*,clickhouse-ssot', true],
  ['eslint:* clickhouse-ssot', true],
  ['*', true],
  ['clickhouse*', true],
  ['eslint:*', false],
  ['clickhouse-ssot:model', false],
  ['clickhouse', false],
  ['*,-clickhouse-ssot', false],
  ['-eslint:*,*', true],
  ['(', false],
])('DEBUG=%s requests debug output: %s', (variable, expected) => {
  expect(isDebugRequested(variable)).toBe(expected);
});
