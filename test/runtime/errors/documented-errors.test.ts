import { describe, expect, it } from 'vitest';
import { parseFailure } from '../../../runtime/src/errors/index.js';
import { codeSpans, readmeUnits, rowsBelow } from '../../docs/runtime-readme.js';
import { oneOfEachClass } from './one-of-each-class.js';

const errors = new Map<string, object>(oneOfEachClass.map(([error]) => [error.kind, error]));
const rows = rowsBelow('Errors').map((cells) => ({ names: codeSpans(cells[0] ?? ''), second: cells[1] ?? '' }));
const withCode = rows.flatMap(({ names: [name = ''], second }) =>
  /^`[A-Z_]+`$/.test(second) ? [{ name, code: codeSpans(second)[0] }] : [],
);
const ofServer = rows.flatMap(({ names: [name = ''], second }) => (/^(?:\d|any other)/.test(second) ? [{ name, second }] : []));

describe('the README of the runtime', () => {
  it('has a table row for every error class, and no other row', () => {
    expect([...withCode, ...ofServer].map(({ name }) => name).sort()).toEqual([...errors.keys()].sort());
  });

  it.each(withCode)('has the code of $name', ({ name, code }) => {
    expect(errors.get(name)).toMatchObject({ kind: name, code });
  });

  const numbers = ofServer.flatMap(({ name, second }) =>
    [...(second.split(';')[0] ?? '').matchAll(/\d+/g)].map(([number]) => ({ name, number: Number(number) })),
  );
  it.each(numbers)('has the class of the code $number of the server: $name', ({ name, number }) => {
    const failure = parseFailure(new Error(`Code: ${number}. DB::Exception: no. (SOME_TYPE)`));
    expect(failure).toMatchObject({ kind: name, code: String(number), clickhouseCode: number });
  });

  it('has all codes of the server that are not a ServerError', () => {
    const special = Array.from({ length: 1_000 }, (_, number) => number).filter(
      (number) => parseFailure(new Error(`Code: ${number}. DB::Exception: no. (SOME_TYPE)`)).kind !== 'ServerError',
    );
    expect(special).toEqual(numbers.map(({ number }) => number).sort((a, b) => a - b));
  });

  const properties = rows.flatMap(({ names, second }) =>
    names.every((name) => errors.has(name)) && second.startsWith('`') && !/^`[A-Z_]+`$/.test(second)
      ? names.flatMap((name) => codeSpans(second).map((property) => ({ name, property })))
      : [],
  );
  it.each(properties)('names a property of $name: $property', ({ name, property }) => {
    expect(property in (errors.get(name) ?? {})).toBe(true);
  });

  it('lists the errors that are retryable', () => {
    const items = readmeUnits().filter(({ kind, heading }) => kind === 'item' && heading === 'Errors');
    const listed = items.flatMap(({ text }) => codeSpans(text).filter((name) => errors.has(name)));
    /** An error is listed without its condition: the instances of `oneOfEachClass` fulfil it, except for a full disk. */
    const retryable = oneOfEachClass.flatMap(([error]) => (error.retryable || error.kind === 'IngestStoreError' ? [error.kind] : []));
    expect([...new Set(listed)].sort()).toEqual([...retryable].sort());
  });
});
