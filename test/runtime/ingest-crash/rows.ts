import { keys } from './producer-options.js';

/** A row as the producer adds it. The text is made of the id, so that damage is found. */
export interface Row {
  readonly id: number;
  readonly key: number;
  readonly text: string;
  /** A number from 0 to 255. A text is an invalid row. */
  readonly size: number | string;
}

const usualRepeats = [0, 3, 20];
/** A text of half a megabyte takes more than one write to the disk. */
const largeRepeats = 50_000;

/** Returns the row of an id. */
export function rowOf(id: number, kind: 'usual' | 'large' | 'invalid'): Row {
  const size = usualRepeats[id % usualRepeats.length] ?? 0;
  return {
    id,
    key: id % keys,
    text: `<${id}>`.repeat(kind === 'large' ? largeRepeats : size),
    size: kind === 'invalid' ? 'not a number' : kind === 'large' ? 255 : size,
  };
}

/** Columns of the tables. */
export const columns = 'id UInt64, key UInt8, text String, size UInt8';

/** Condition of a damaged row, in SQL. */
export const isDamaged = `NOT (key = id % ${keys} AND replaceAll(text, concat('<', toString(id), '>'), '') = '' AND length(text) = (length(toString(id)) + 2) * (size = 255 ? ${largeRepeats} : toUInt32(size)))`;
