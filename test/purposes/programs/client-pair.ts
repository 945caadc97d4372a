/** Two programs: the first makes two clients for one configuration, the second does not. */
export interface ClientPair {
  readonly name: string;
  /** The module `clients.ts`, or several modules by their paths. */
  readonly repeated: string | Readonly<Record<string, string>>;
  readonly separate: string | Readonly<Record<string, string>>;
}

const prelude = `import { createClient, type ClickHouseClient } from '@clickhouse/client';
`;

/** Returns the files of a program. A module that uses `createClient` imports it. */
export function filesOf(code: ClientPair['repeated']): Record<string, string> {
  const modules = typeof code === 'string' ? { 'clients.ts': code } : code;
  return Object.fromEntries(
    Object.entries(modules).map(([file, text]): [string, string] => [
      `src/${file}`,
      text.includes('createClient') && !/\.c?js$/.test(file) ? prelude + text : text,
    ]),
  );
}
