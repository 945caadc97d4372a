import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import { fixture, markedLines } from '../../places.js';

function constructionsIn(name: string): string[] {
  const outcome = audit({ root: fixture(name) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.constructions.map(({ file, line }) => `${file}:${line}`).sort();
}

describe('a client construction', () => {
  const marked = markedLines(fixture('construction-forms'), 'construction');
  const found = constructionsIn('construction-forms');

  it.each(marked)('is seen at %s', (place) => {
    expect(found).toContain(place);
  });

  it('is seen nowhere else', () => {
    expect(found).toEqual(marked);
  });

  it('is not what merely looks like one', () => {
    expect(constructionsIn('negative-control')).toEqual([]);
  });

  it('is not of a workspace package that has the name of a client package', () => {
    expect(constructionsIn('workspace-named-clickhouse')).toEqual([]);
  });
});

describe('a construction of second order', () => {
  const outcome = audit({ root: fixture('construction-forms') });
  const wrappers = outcome.kind === 'done' ? outcome.result.wrappers : [];
  const wrapper = (file: string, kinds = ['function', 'class']) =>
    wrappers
      .filter((own) => own.file === `src/${file}` && kinds.includes(own.kind))
      .map(({ name, kind, uses }) => ({ name, kind, uses: uses.length }));

  it('is a function that makes a client at each call, with where it is called', () => {
    expect(wrapper('new-client-per-call.ts')).toEqual([{ name: 'getReader', kind: 'function', uses: 1 }]);
    expect(wrapper('same-name.ts')).toEqual([{ name: 'createClient', kind: 'function', uses: 1 }]);
  });

  it('is a class that makes one for each instance', () => {
    expect(wrapper('wrapper-class.ts')).toMatchObject([{ name: 'Warehouse', kind: 'class' }]);
  });

  it('is a client that a module exports raw, with who imports it', () => {
    expect(wrapper('module-singleton.ts', ['client'])).toEqual([
      { name: 'reader', kind: 'client', uses: 1 },
      { name: 'writer', kind: 'client', uses: 0 },
    ]);
  });

  it('is a client that a class holds up for everybody', () => {
    expect(wrapper('class-field.ts', ['client']).map(({ name }) => name)).toEqual(['Store.shared', 'Store.own']);
  });

  it('is not a function that makes one client and keeps it', () => {
    expect(wrappers.filter(({ file }) => file.includes('lazy-singleton'))).toEqual([]);
  });
});
