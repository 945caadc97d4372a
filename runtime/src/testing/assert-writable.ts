import { SupportedJSONFormats, SupportedRawFormats } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { isWhole } from '../statement/streamed-values.js';

const jsonFormats: readonly string[] = SupportedJSONFormats;
const rawFormats: readonly string[] = SupportedRawFormats;

/**
 * Checks the values of an insert. Reads no stream and calls no function. @throws the error of the official client, or of `stringify`, for
 * values that cannot be encoded
 */
export function assertWritable(values: unknown, format: string, stringify: (value: unknown) => string): void {
  if (!(values instanceof Readable) && !isWhole(values)) return;
  if (typeof values !== 'object')
    throw new Error(`Insert expected "values" to be an array, a stream of values or a JSON object, got: ${typeof values}`);
  if (values instanceof Readable) {
    const isRaw = rawFormats.includes(format);
    if (values.readableObjectMode === isRaw)
      throw new Error(`Insert for ${format} expected Readable Stream with ${isRaw ? 'disabled' : 'enabled'} object mode.`);
    return;
  }
  if (!jsonFormats.includes(format)) throw new Error(`The client does not support JSON encoding in [${format}] format.`);
  for (const row of Array.isArray(values) ? values : [values]) stringify(row);
}
