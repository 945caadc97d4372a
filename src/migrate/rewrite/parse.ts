import type { ts as TS } from 'ts-morph';

/** Returns the syntax tree of a file; undefined if it cannot be parsed. */
export type Parse = (file: string) => TS.SourceFile | undefined;
