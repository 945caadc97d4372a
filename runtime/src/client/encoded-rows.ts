/** Rows of an insert in `JSONEachRow` that are encoded already. As a chunk of the values of an insert, their bytes are sent as they are. */
export class EncodedRows {
  /** @param bytes one JSON object a line, each with a line feed at its end */
  constructor(readonly bytes: Buffer) {}

  /** Reached if something else than `ValuesBody` encodes the rows. @throws TypeError, since the bytes would become data */
  toJSON(): never {
    throw new TypeError(
      'Encoded rows were passed to a client that encodes rows itself. Use a service of @clickhouse-ssot/runtime, such as that of clickHouse().',
    );
  }
}
