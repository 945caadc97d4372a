/** The code and the files that a block expects around it, and its effect. */
export interface Surroundings {
  /** Code of a module that runs first: tables, and the names that the block takes from other modules. */
  readonly before?: string;
  /** Code at the end of the block, which shows its effect. */
  readonly after?: string;
  /** Files of the working directory, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Values of a deployment in the block, such as a path, and their replacements. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Whether `CLICKHOUSE_URL` is set. Otherwise the embedded engine runs. Default: false. */
  readonly server?: true;
  /** The whole output, or a pattern for it. */
  readonly output: string | RegExp;
}

/** Surroundings by the heading above the block. The second block below a heading has ` (2)` appended. */
export type BlocksOfPage = Readonly<Record<string, Surroundings>>;

/** The table of most examples, with one row. */
export const events = `
  globalThis.clickhouse = runtime.clickHouse();
  await clickhouse.command({ query: 'CREATE OR REPLACE TABLE events (id UInt32) ENGINE = MergeTree ORDER BY id' });
  await clickhouse.insert({ table: 'events', values: [{ id: 7 }], format: 'JSONEachRow' });`;

/** Sends the first signal that ends a process. */
export const terminate = `process.kill(process.pid, 'SIGTERM');`;
