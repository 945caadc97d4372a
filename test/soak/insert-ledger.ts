import { AmbiguousWriteError, type ClickHouseService } from '../../runtime/src/index.js';

/** Numbers of inserts, by their recorded result and by the rows in the table. */
export interface Verdicts {
  /** Inserts that succeeded. */
  readonly acknowledged: number;
  /** Successful inserts whose rows are missing or duplicated. */
  readonly acknowledgedWrongly: number;
  /** Inserts that failed with AmbiguousWriteError. */
  readonly ambiguous: number;
  /** Ambiguous inserts whose rows are stored once. */
  readonly ambiguousStored: number;
  /** Ambiguous inserts whose rows are stored in part or more than once. */
  readonly ambiguousInPart: number;
  /** Inserts that failed with another error. */
  readonly notDone: number;
  /** Inserts of `notDone` whose rows are stored nevertheless. */
  readonly notDoneWrongly: number;
}

const states = ['running', 'acknowledged', 'ambiguous', 'not-done'] as const;
const rowsPerInsert = 5;

/** Records the result of each insert, to compare it with the table. It takes one byte for each, so that it does not look like a leak. */
export class InsertLedger {
  readonly #results = new Uint8Array(1_000_000);
  #size = 0;

  constructor(private readonly service: ClickHouseService) {}

  /** Number of inserts so far. */
  get size(): number {
    return this.#size;
  }

  /** Creates the table of the inserts. @throws the error of the service */
  async createTable(): Promise<void> {
    // One partition for each writer: the server rejects inserts into a partition with too many parts. Old parts are dropped soon, since the
    // server loads them at each start.
    await this.service.command({
      query:
        'CREATE TABLE soak (id UInt32, writer UInt8) ENGINE = MergeTree PARTITION BY writer ORDER BY id SETTINGS index_granularity = 8192, old_parts_lifetime = 5',
    });
  }

  /** Inserts rows with an id of their own and records the result. @throws the error of the service */
  async insert(writer: number): Promise<void> {
    const id = this.#size++;
    try {
      await this.service.insert({
        table: 'soak',
        values: Array.from({ length: rowsPerInsert }, () => ({ id, writer })),
        format: 'JSONEachRow',
      });
      this.#results[id] = states.indexOf('acknowledged');
    } catch (error) {
      this.#results[id] = states.indexOf(error instanceof AmbiguousWriteError ? 'ambiguous' : 'not-done');
      throw error;
    }
  }

  /** Compares the recorded result of every insert with the table. */
  async verdicts(): Promise<Verdicts> {
    const result = await this.service.query({ query: 'SELECT id, toUInt32(count()) AS n FROM soak GROUP BY id', format: 'JSONEachRow' });
    const found = new Uint32Array(this.#size);
    for (const { id, n } of await result.json<{ id: number; n: number }>()) found[id] = n;
    const counts = (state: (typeof states)[number]) =>
      [...found.keys()].filter((id) => states[this.#results[id] ?? 0] === state).map((id) => found[id] ?? 0);
    const [acknowledged, ambiguous, notDone] = [counts('acknowledged'), counts('ambiguous'), counts('not-done')];
    return {
      acknowledged: acknowledged.length,
      acknowledgedWrongly: acknowledged.filter((rows) => rows !== rowsPerInsert).length,
      ambiguous: ambiguous.length,
      ambiguousStored: ambiguous.filter((rows) => rows === rowsPerInsert).length,
      ambiguousInPart: ambiguous.filter((rows) => rows !== rowsPerInsert && rows !== 0).length,
      notDone: notDone.length,
      notDoneWrongly: notDone.filter((rows) => rows !== 0).length,
    };
  }
}
