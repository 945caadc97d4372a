import { describe, expect, it } from 'vitest';
import { documentationCheck } from '../../../src/audit/checklist/documentation.js';
import { clean } from '../../report/results.js';

const files = ['package.json', 'README.md', 'docs/setup.md', 'src/db/clickhouse.ts', 'apps/web/package.json', 'apps/web/lib/clickhouse.ts'];
const factories = [{ file: 'src/db/clickhouse.ts', status: 'inferred', reason: 'it is named after ClickHouse', deployables: [] }] as const;

function check(text: string, file = 'README.md') {
  return documentationCheck({ ...clean, factories }, { documents: [{ file, text }], files });
}

describe('the documentation', () => {
  it.each([
    'ClickHouse: `src/db/clickhouse.ts` connects.',
    'ClickHouse: [the factory](./src/db/clickhouse.ts) connects.',
    'ClickHouse connects in db/clickhouse.',
  ])('passes if it names the factory: %j', (text) => {
    expect(check(text)).toMatchObject({ verdict: 'pass', evidence: 'README.md names src/db/clickhouse.ts.' });
  });

  it.each([
    '`src/core/clickhouse-manager.ts`',
    '[here](src/clickhouse.ts)',
    '`apps/web/lib/clickhouse-pool.ts`',
    '`lib/clickhouse-pool.ts`',
  ])('fails if it names a module that does not exist: %s', (name) => {
    const text = `ClickHouse is in \`src/db/clickhouse.ts\`.\nThe pool: ${name}.`;
    expect(check(text)).toMatchObject({ verdict: 'fail', places: [{ file: 'README.md', line: 2 }] });
  });

  it.each([
    ['a package of npm', '`node_modules/@clickhouse/client/dist/index.js`'],
    ['an example', '`my-app/clickhouse.ts`'],
    ['a block of code', '\n```ts\nimport "src/db/clickhouse-old.ts"; // `src/db/clickhouse-old.ts`\n```'],
    ['the compiled name', '`src/db/clickhouse.js`'],
    ['a path from the package', '`lib/clickhouse.ts`'],
    ['a module of another kind', '`src/billing.ts`'],
  ])('does not fail for %s', (_, name) => {
    expect(check(`ClickHouse is in \`src/db/clickhouse.ts\`. See ${name}.`)).toMatchObject({ verdict: 'pass' });
  });

  it('is open if no document names the factory', () => {
    expect(check('We use ClickHouse.')).toMatchObject({
      verdict: 'unknown',
      evidence: expect.stringContaining('None names src/db/clickhouse.ts.') as unknown,
    });
  });

  it('is open without a document, or without a factory', () => {
    expect(documentationCheck({ ...clean, factories }, { documents: [], files })).toMatchObject({ verdict: 'unknown' });
    expect(
      documentationCheck({ ...clean, factories: [] }, { documents: [{ file: 'README.md', text: 'ClickHouse' }], files }),
    ).toMatchObject({ verdict: 'unknown', evidence: 'The factory is not known, so no document can be compared with it.' });
  });

  it('names the runtime in a project that uses it', () => {
    const document = { file: 'README.md', text: 'ClickHouse by @clickhouse-ssot/runtime.' };
    expect(documentationCheck({ ...clean, factories: [], usesRuntime: true }, { documents: [document], files })).toMatchObject({
      verdict: 'pass',
    });
  });
});
