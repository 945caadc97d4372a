/** Two programs that differ in the release of a client: in the first it stays open, in the second it does not. */
export interface ReleasePair {
  readonly name: string;
  /** The module `report.ts`, or several modules by their paths. */
  readonly open: string | Readonly<Record<string, string>>;
  readonly released: string | Readonly<Record<string, string>>;
}

const prelude = `import { createClient, type ClickHouseClient } from '@clickhouse/client';
`;

/** Returns the files of a program. */
export function filesOf(code: ReleasePair['open']): Record<string, string> {
  const modules = typeof code === 'string' ? { 'report.ts': prelude + code } : code;
  return Object.fromEntries(Object.entries(modules).map(([file, text]): [string, string] => [`src/${file}`, text]));
}
