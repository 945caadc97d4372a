import { describe, expect, it } from 'vitest';
import { read } from '../../scripts/generated.js';
import { covers, type PromiseEntry, testExists } from './promise-entries.js';
import { readmeUnits } from './runtime-readme.js';

const entries = JSON.parse(read('test/docs/runtime-promises.json')) as readonly PromiseEntry[];
const units = readmeUnits();

describe('the promises of the README of the runtime', () => {
  it('are each in one place of the README', () => {
    const places = (entry: PromiseEntry): number => units.filter((unit) => covers(entry, unit)).length;
    expect(entries.filter((entry) => ('rows' in entry ? places(entry) === 0 : places(entry) !== 1))).toEqual([]);
  });

  it('name tests that exist', () => {
    const named = new Set(entries.flatMap((entry) => ('tests' in entry ? entry.tests : [])));
    expect([...named].filter((test) => !testExists(test))).toEqual([]);
    expect(entries.filter((entry) => ('tests' in entry ? entry.tests.length === 0 : entry.untested === ''))).toEqual([]);
  });

  it('include each row of a table and each item of a list', () => {
    const required = units.filter(({ kind }) => kind === 'row' || kind === 'item');
    const missing = required.filter((unit) => !entries.some((entry) => covers(entry, unit)));
    expect(missing.map(({ line, text }) => `${line}: ${text}`)).toEqual([]);
  });

  it('include something of each section', () => {
    const sections = new Map<string, boolean>();
    for (const unit of units)
      if (unit.kind !== 'heading')
        sections.set(unit.heading, sections.get(unit.heading) === true || entries.some((entry) => covers(entry, unit)));
    expect([...sections].filter(([, isCovered]) => !isCovered).map(([heading]) => heading)).toEqual([]);
  });
});
