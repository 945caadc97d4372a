import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { read } from '../../../scripts/generated.js';
import { repository } from '../../places.js';
import { httpFront, type HttpFront } from '../../runtime/harness/http-front/front.js';
import { freePorts } from '../../runtime/harness/real-server.js';
import { pageBlocks } from './pages.js';
import { readmeBlocks } from './readme.js';
import { runBlock } from './run-block.js';
import type { BlocksOfPage } from './surroundings.js';

/** Pages whose blocks another test runs, and that test. */
const elsewhere: Readonly<Record<string, string>> = {
  'docs/runtime/identities.md': 'test/runtime/identities/real-server.test.ts',
  'docs/runtime/schema-migrations.md': 'test/runtime/migrations/real-server.test.ts',
  'docs/runtime/testing.md': 'test/loading/testing-page.test.ts',
};

const surroundings: Readonly<Record<string, BlocksOfPage>> = { 'runtime/README.md': readmeBlocks, ...pageBlocks };

/** Returns the blocks of a page that are code, by the heading above them. */
function blocksOf(page: string): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>();
  let heading = '';
  for (const [, title, code = ''] of read(page).matchAll(/^#+ ([^\n]*)$|^```(?:ts|typescript|js)\n(.*?)^```|^```.*?^```/gms)) {
    if (title !== undefined) heading = title;
    else if (code !== '') {
      const count = [...blocks.keys()].filter((name) => name === heading || name.startsWith(`${heading} (`)).length;
      blocks.set(count === 0 ? heading : `${heading} (${count + 1})`, code);
    }
  }
  return blocks;
}

let server: HttpFront;
beforeAll(async () => {
  server = await httpFront({ users: [{ name: 'shop', password: 'secret' }] });
});
afterAll(() => server[Symbol.asyncDispose]());

it('each page of the runtime is run here or by the test that is named for it', () => {
  const pages = readdirSync(join(repository, 'docs/runtime')).map((name) => `docs/runtime/${name}`);
  expect([...Object.keys(surroundings), ...Object.keys(elsewhere)].sort()).toEqual([...pages, 'runtime/README.md'].sort());
  for (const [page, test] of Object.entries(elsewhere)) expect(read(test)).toContain(`'${page}'`);
});

describe.each(Object.entries(surroundings))('the code of %s', (page, listed) => {
  const blocks = blocksOf(page);
  /** `Heading, case` runs the block of `Heading` again, in other surroundings. */
  const headingOf = (name: string): string => (blocks.has(name) ? name : name.replace(/, [\w -]+$/, ''));

  it('has surroundings for each block, and no other', () => {
    expect([...new Set(Object.keys(listed).map(headingOf))].sort()).toEqual([...blocks.keys()].sort());
  });

  it.each(Object.entries(listed))('runs: %s', async (name, around) => {
    const [port = 0] = await freePorts(1);
    const output = await runBlock(blocks.get(headingOf(name)) ?? '', around, { serverUrl: server.url, port });
    if (typeof around.output === 'string') expect(output).toBe(around.output);
    else expect(output).toMatch(around.output);
  });
});
