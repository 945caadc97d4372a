import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/src/index.js';
import * as migrations from '../../../runtime/src/migrations.js';

const page = readFileSync(new URL('../../../runtime/README.md', import.meta.url), 'utf8');

/** All error classes without the base classes, which have no instances of their own and no row in the tables. */
const classes = Object.values({ ...runtime, ...migrations })
  .filter((value) => typeof value === 'function' && Object.hasOwn(value, 'kind'))
  .map(({ name }) => name)
  .filter((name) => name !== 'ClickHouseSsotError' && name !== 'StatementError');

describe('the README of the runtime', () => {
  it('has a table row for every error class, and no other row', () => {
    expect([...page.matchAll(/^\| `(\w+Error)` \| (?:`[A-Z_]+` \|| *(?:\d|any other))/gm)].map(([, name]) => name).sort()).toEqual(
      [...classes].sort(),
    );
  });
});
