import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/src/index.js';

const page = readFileSync(new URL('../../../runtime/README.md', import.meta.url), 'utf8');

/** The classes that somebody can catch: roots, of which nothing is an instance of its own, are told of in prose. */
const classes = Object.values(runtime)
  .filter((value) => typeof value === 'function' && Object.hasOwn(value, 'kind'))
  .map(({ name }) => name)
  .filter((name) => name !== 'ClickHouseSsotError' && name !== 'StatementError');

describe('the page of the runtime', () => {
  it('has a line for every error, and for no other', () => {
    expect([...page.matchAll(/^\| `(\w+Error)` \| `[A-Z_]+` \|/gm)].map(([, name]) => name).sort()).toEqual([...classes].sort());
  });
});
