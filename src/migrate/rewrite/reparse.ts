import type { ts as TS } from 'ts-morph';
import { parseFile } from '../../model/typescript/parse-file.js';

/** Parses a text that edits have produced. */
export function reparse(file: string, text: string): TS.SourceFile {
  const source = parseFile(file, text);
  if (!source) throw new Error(`${file} cannot be parsed after an edit. This is a bug in clickhouse-ssot.`);
  return source;
}
