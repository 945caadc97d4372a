const contentTypes: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^(?:TabSeparated|TSV)/i, 'text/tab-separated-values; charset=UTF-8'],
  [/^CSVWithNames/i, 'text/csv; charset=UTF-8; header=present'],
  [/^CSV/i, 'text/csv; charset=UTF-8; header=absent'],
  [/^JSON(?:Compact|Strings|CompactStrings)?EachRow|^JSONLines|^NDJSON|^JSONEachRowWithProgress/i, 'application/x-ndjson; charset=UTF-8'],
  [/^JSON/i, 'application/json; charset=UTF-8'],
  [/^XML/i, 'application/xml; charset=UTF-8'],
  [/^(?:Native|RowBinary|Parquet|Arrow|ORC|Avro|Protobuf|MsgPack|Npy|BSON)/i, 'application/octet-stream'],
];

/** Returns the header `Content-Type` of a format. */
export function contentTypeOf(format: string): string {
  return contentTypes.find(([pattern]) => pattern.test(format))?.[1] ?? 'text/plain; charset=UTF-8';
}
