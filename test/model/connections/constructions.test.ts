import { describe, expect, it } from 'vitest';
import { constructionsOf } from '../constructions-of.js';
import { audit } from '../../../src/audit/audit.js';
import { fixture, markedLines } from '../../places.js';
import { codeBase } from '../../project/code-base.js';

function constructionsIn(name: string): string[] {
  const outcome = audit({ root: fixture(name) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.constructions.map(({ file, line }) => `${file}:${line}`).sort();
}

describe('a client construction', () => {
  const marked = markedLines(fixture('construction-forms'), 'construction');
  const found = constructionsIn('construction-forms');

  it.each(marked)('is found at %s', (location) => {
    expect(found).toContain(location);
  });

  it('is found at no other location', () => {
    expect(found).toEqual(marked);
  });

  it('is not found in the negative control', () => {
    expect(constructionsIn('negative-control')).toEqual([]);
  });

  it('is not found for a workspace package with the name of a client package', () => {
    expect(constructionsIn('workspace-named-clickhouse')).toEqual([]);
  });
});

it('a construction by a default export has the name that the code uses', () => {
  const outcome = audit({
    root: codeBase({
      'a.js': `const ClickHouse = require('@apla/clickhouse'); module.exports = new ClickHouse({});`,
      'b.ts': `import Driver from 'clickhouse'; export const b = new Driver({});`,
    }),
  });
  const names = outcome.kind === 'done' ? outcome.result.constructions.map(({ constructor }) => constructor) : [];
  expect(names).toEqual(['ClickHouse', 'Driver']);
});

it('a frozen object of constructors is no construction: its calls are', () => {
  const files = {
    'db.ts': "import { createClient } from '@clickhouse/client';\nexport const db = Object.freeze({ make: createClient });\n",
    'use.ts': "import { db } from './db.js';\nexport const client = db.make();\n",
  };
  expect(constructionsOf(files)).toEqual(['use.ts:2']);
});

describe('a wrapper of a construction', () => {
  const outcome = audit({ root: fixture('construction-forms') });
  const wrappers = outcome.kind === 'done' ? outcome.result.wrappers : [];
  const wrapper = (file: string, kinds = ['function', 'class']) =>
    wrappers
      .filter((entry) => entry.file === `src/${file}` && kinds.includes(entry.kind))
      .map(({ name, kind, uses }) => ({ name, kind, uses: uses.length }));

  it('is a function that creates a client in each call, with its call sites', () => {
    expect(wrapper('new-client-per-call.ts')).toEqual([{ name: 'getReader', kind: 'function', uses: 1 }]);
    expect(wrapper('same-name.ts')).toEqual([{ name: 'createClient', kind: 'function', uses: 1 }]);
  });

  it('is a class that creates a client for each instance', () => {
    expect(wrapper('wrapper-class.ts')).toMatchObject([{ name: 'Warehouse', kind: 'class' }]);
  });

  it('is a client that a module exports, with its importers', () => {
    expect(wrapper('module-singleton.ts', ['client'])).toEqual([
      { name: 'reader', kind: 'client', uses: 1 },
      { name: 'writer', kind: 'client', uses: 0 },
    ]);
  });

  it('is a client in a public field of a class', () => {
    expect(wrapper('class-field.ts', ['client']).map(({ name }) => name)).toEqual(['Store.shared', 'Store.own']);
  });

  it('is not a function that creates one client and caches it', () => {
    expect(wrappers.filter(({ file }) => file.includes('lazy-singleton'))).toEqual([]);
  });
});
