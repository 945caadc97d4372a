import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit.js';
import { fixture, markedLines } from '../places.js';

function constructionsIn(name: string): string[] {
  const outcome = audit({ root: fixture(name) });
  if (outcome.kind === 'unusable') throw new Error(outcome.problems.join('\n'));
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
