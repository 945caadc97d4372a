import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findMissingDocs } from '../../scripts/public-docs.js';
import { codeBase } from '../project/code-base.js';
import { repository } from '../places.js';

const runtime = join(repository, 'runtime/src');
const entries = readdirSync(runtime)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(runtime, name));

it('every public name of the runtime has a docstring, and every optional setting says its default', () => {
  expect(findMissingDocs(entries, (file) => file.startsWith(runtime))).toEqual([]);
});

it('every property of an audit result has a docstring', () => {
  const file = join(repository, 'src/audit/audit-result.ts');
  expect(findMissingDocs([file], (other) => other === file)).toEqual([]);
});

it('a name without a docstring is found, at any depth', () => {
  const root = codeBase({
    'entry.ts': `/** Documented. */
export interface RetryOptions {
  /** Pause in milliseconds. */
  readonly delayMs?: number;
  readonly nested: Nested;
}
interface Nested { readonly bare: string }
/** Documented. */
export class Client { close(): void {} #secret = 1; private hidden = 2; }
`,
  });
  expect(
    findMissingDocs([join(root, 'entry.ts')], (file) => file.startsWith(root)).map(({ name, problem }) => `${name} ${problem}`),
  ).toEqual([
    'RetryOptions.delayMs is an optional setting whose docstring does not say its default',
    'RetryOptions.nested has no docstring',
    'Client.close has no docstring',
  ]);
});
