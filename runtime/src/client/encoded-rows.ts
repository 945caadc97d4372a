/** Marks the rows of all copies of this package: the service of an ingest may come from another copy. */
const brand = Symbol.for('@clickhouse-ssot/runtime/encoded-rows');

/** Rows of an insert in `JSONEachRow` that are encoded already. As a chunk of the values of an insert, their bytes are sent as they are. */
export class EncodedRows {
  readonly [brand] = true;

  /** @param bytes one JSON object a line, each with a line feed at its end */
  constructor(readonly bytes: Buffer) {}

  /** Reached if something else than `ValuesBody` encodes the rows. @throws TypeError, since the bytes would become data */
  toJSON(): never {
    throw new TypeError(
      'Encoded rows were passed to a client that encodes rows itself. Use a service of @clickhouse-ssot/runtime, such as that of clickHouse().',
    );
  }
}

/** Returns values of an insert for rows that are encoded already: a function, since each attempt needs a body of its own. */
export function encodedValues(bytes: Buffer): () => readonly EncodedRows[] {
  return Object.assign(() => [new EncodedRows(bytes)], { [brand]: bytes });
}

/** Returns the rows of `encodedValues`, for a service that sends nothing. Undefined for other values. */
export function decodeValues(values: unknown): readonly unknown[] | undefined {
  const bytes: unknown = typeof values === 'function' ? Reflect.get(values, brand) : undefined;
  if (!Buffer.isBuffer(bytes)) return undefined;
  const lines = bytes.toString().split('\n').slice(0, -1);
  return lines.map((line): unknown => JSON.parse(line));
}

export function isEncodedRows(value: unknown): value is EncodedRows {
  return typeof value === 'object' && value !== null && brand in value;
}
