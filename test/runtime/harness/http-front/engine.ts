import { Session } from 'chdb';
import { fromEngine } from './exceptions.js';

/** Numbers of a statement that has ended. */
export interface StatementNumbers {
  readonly resultRows: number;
  readonly resultBytes: number;
  readonly elapsedNs: number;
}

/** A connection to the engine: its settings, its database and its temporary tables are its own. */
export interface EngineConnection {
  /** Runs a statement. @throws ServerException */
  run(sql: string): Promise<StatementNumbers>;
  /** Runs a statement and returns its result in a format. @throws ServerException */
  read(sql: string, format: string): Promise<string>;
  close(): void;
}

/** The engine of this process. */
export interface Engine {
  readonly version: string;
  readonly timezone: string;
  /** Opens a connection. It takes less than a millisecond. */
  connect(): EngineConnection;
}

/** Starts the engine. */
export async function startEngine(dataPath: string): Promise<Engine> {
  const connect = () => connectionTo(dataPath);
  // Stays open: without any connection, the engine would stop.
  const first = connect();
  const [version = '', timezone = ''] = (await first.read('SELECT version(), timezone()', 'TSV')).trim().split('\t');
  return { version, timezone, connect };
}

function connectionTo(dataPath: string): EngineConnection {
  const session = new Session(dataPath);
  const query = (sql: string, format: string) =>
    session.queryAsync(sql, { format }).catch((error: unknown) => {
      throw fromEngine(error);
    });
  return {
    async run(sql) {
      const { rowsRead, bytesRead, elapsed } = await query(sql, 'Null');
      return { resultRows: rowsRead, resultBytes: bytesRead, elapsedNs: Math.round(elapsed * 1e9) };
    },
    read: async (sql, format) => (await query(sql, format)).text(),
    close: () => session.close(),
  };
}

/** Returns the value as a string literal. */
export function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Returns the name as a quoted identifier. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
