import { createContext, runInContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { encodeRow, encodeRows, type RowEncoding } from '../../../runtime/src/ingest/batch/encode-rows.js';

const encoding: RowEncoding = {
  maxRows: 1_000,
  maxBytes: 1_000,
  maxRowBytes: 100_000,
  bounds: { maxBufferedRows: 1_000, maxBufferedBytes: 100_000, maxDirectoryBytes: Infinity },
};

class Point {
  #x = 1;
  get x(): number {
    return this.#x;
  }
}

class Event {
  id: number | undefined = undefined;
}

describe('an object whose JSON has no properties', () => {
  it.each([
    ['a Map Iterator', new Map([[1, { id: 1 }]]).values()],
    [
      'a Generator',
      (function* () {
        yield { id: 1 };
      })(),
    ],
    [
      'an AsyncGenerator',
      (async function* () {
        yield { id: 1 };
      })(),
    ],
    ['a Map', new Map([[1, 2]])],
    ['a Set', new Set([1])],
    ['a WeakMap', new WeakMap()],
    ['an Error', new Error('x')],
    ['a RegExp', /x/],
    ['a Uint8Array', new Uint8Array(0)],
    ['an instance of Point without properties', new Point()],
    ['an Object without properties of its own', Object.create({ id: 1 })],
  ] as const)('is refused, since it would be a row of defaults: %s', (found, row: unknown) => {
    const message = `Row 0 cannot be added: found ${found}, expected an object with a property for each column.`;
    for (const encode of [() => encodeRow(row, encoding), () => encodeRows([row], encoding)])
      expect(encode).toThrow(expect.objectContaining({ kind: 'InvalidArgumentError', cause: expect.objectContaining({ message }) }));
  });

  it.each([
    ['a plain one', {}],
    ['one without a prototype', Object.create(null)],
    ['a plain one of another realm', runInContext('({})', createContext())],
    ['a plain one whose values are undefined', { id: undefined }],
    ['an instance of a class whose fields are undefined', new Event()],
    [
      'an instance with a toJSON',
      new (class {
        toJSON = () => ({});
      })(),
    ],
  ])('is a row of defaults: %s', (_, row: unknown) => {
    expect(encodeRow(row, encoding).text).toBe('{}');
  });
});

describe('a row that throws', () => {
  const row = {
    get then(): unknown {
      throw new Error('no then');
    },
  };

  it.each([
    ['alone', () => encodeRow(row, encoding), 0],
    ['in an array', () => encodeRows([{ id: 1 }, row], encoding), 1],
  ])('while it is read, rejects as an invalid argument: %s', (_, encode, index) => {
    expect(encode).toThrow(
      expect.objectContaining({
        kind: 'InvalidArgumentError',
        cause: expect.objectContaining({ message: `Row ${index} cannot be added: no then.` }),
      }),
    );
  });
});

describe('the division of an array', () => {
  it('makes no text that is longer than a batch: all rows together may exceed the longest string', () => {
    const measured = vi.spyOn(Buffer, 'byteLength');
    const chunks = encodeRows(Array(60).fill({ pad: 'x'.repeat(300) }), encoding);
    const lengths = measured.mock.calls.map(([text]) => (typeof text === 'string' ? text.length : 0));
    measured.mockRestore();
    expect(chunks.map(({ rows }) => rows)).toEqual(Array(20).fill(3));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(encoding.maxBytes);
  });

  it.each([
    ['bytes', 'ä'.repeat(300), [1, 1, 1]],
    ['characters', 'a'.repeat(300), [3]],
  ])('counts bytes in UTF-8 and not characters: %s', (_, pad, expected) => {
    expect(encodeRows(Array(3).fill({ pad }), encoding).map(({ rows }) => rows)).toEqual(expected);
  });
});
