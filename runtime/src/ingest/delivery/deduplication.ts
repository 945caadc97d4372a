import type { ClickHouseSettings } from '@clickhouse/client';
import { parseFailure } from '../../errors/index.js';
import { outcomeOf } from '../../errors/outcome.js';
import type { ClickHouseService } from '../../statement/service.js';
import { literal, parseTableName, type TableName } from './table-name.js';

/** What the server does with batches of a table. */
export interface TableDelivery {
  /** Whether the table drops a second batch with the same token. */
  readonly deduplicates: boolean;
  /** Returns the settings of the insert of this batch. */
  settingsFor(batchId: string): ClickHouseSettings;
}

/** Settings of a batch. A server that is older than one of them would refuse it. */
const settingNames = ['async_insert', 'insert_deduplicate', 'deduplicate_insert', 'insert_deduplication_token'] as const;

/** Time after which the table is asked for again, in milliseconds: it may be replaced by one with another engine. */
const maxAgeMs = 600_000;

/** Asks once, and again after a while, whether a table drops the second copy of a batch. */
export class Deduplication {
  #known: TableDelivery | undefined;
  #askedAt = -Infinity;
  readonly #name: TableName | undefined;

  constructor(
    table: string,
    private readonly service: () => ClickHouseService,
    private readonly now: () => number,
  ) {
    this.#name = parseTableName(table);
  }

  /** The last answer. Undefined if there is none. */
  get known(): TableDelivery | undefined {
    return this.#known;
  }

  /** Makes the next `current()` ask again. */
  expire(): void {
    this.#askedAt = -Infinity;
  }

  /** @throws every error of a query that says nothing about rights: without an answer, nothing is sent */
  async current(signal: AbortSignal): Promise<TableDelivery> {
    if (this.#known && this.now() - this.#askedAt < maxAgeMs) return this.#known;
    const asked = await this.#ask(signal);
    this.#known = asked.delivery;
    // A table that is missing now may be created as one that deduplicates.
    this.#askedAt = asked.isFound ? this.now() : -Infinity;
    return asked.delivery;
  }

  async #ask(signal: AbortSignal): Promise<{ readonly delivery: TableDelivery; readonly isFound: boolean }> {
    const settings = await this.#names(signal);
    const row = this.#name && (await this.#definition(this.#name, signal));
    const deduplicates = settings.has('insert_deduplication_token') && row !== undefined && dropsCopies(row);
    return { delivery: deliveryOf(deduplicates, settings), isFound: row !== undefined };
  }

  /** Returns which settings the server knows. All of them if the user may not ask: every supported server has the tables of settings. */
  async #names(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const list = settingNames.map(literal).join(', ');
    const rows = await this.#rows(`SELECT name FROM system.settings WHERE name IN (${list})`, signal);
    return new Set(rows?.map(({ name }) => String(name)) ?? settingNames);
  }

  async #definition({ database, name }: TableName, signal: AbortSignal): Promise<TableDefinition | undefined> {
    const inDatabase = database === undefined ? 'currentDatabase()' : literal(database);
    const tables = await this.#rows(
      `SELECT engine, engine_full FROM system.tables WHERE database = ${inDatabase} AND name = ${literal(name)}`,
      signal,
    );
    const [table] = tables ?? [];
    if (!table) return undefined;
    const engine = String(table['engine']);
    const isReplicated = /^(?:Replicated|Shared)/.test(engine);
    const setting = isReplicated ? 'replicated_deduplication_window' : 'non_replicated_deduplication_window';
    const own = new RegExp(`\\b(?<!non_)${setting} = (\\d+)`).exec(String(table['engine_full']))?.[1];
    return { engine, isReplicated, window: own === undefined ? await this.#defaultWindow(setting, isReplicated, signal) : Number(own) };
  }

  /** Returns the default of the server, which its configuration may set. */
  async #defaultWindow(setting: string, isReplicated: boolean, signal: AbortSignal): Promise<number> {
    const table = isReplicated ? 'replicated_merge_tree_settings' : 'merge_tree_settings';
    const rows = await this.#rows(`SELECT value FROM system.${table} WHERE name = ${literal(setting)}`, signal);
    const value = rows?.[0]?.['value'];
    // The first releases of the setting have these defaults.
    return value === undefined ? (isReplicated ? 100 : 0) : Number(value);
  }

  /** Returns the rows, or undefined if the server refuses the query. @throws every other error of the query */
  async #rows(query: string, abort_signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[] | undefined> {
    try {
      const result = await this.service().query({ query, format: 'JSONEachRow', abort_signal });
      return await result.json<Record<string, unknown>>();
    } catch (error) {
      const failure = parseFailure(error);
      // What passes, such as too much load, is asked again. A refusal of the user's identity also refuses the insert.
      if (outcomeOf(failure) === 'refused' && !failure.retryable && failure.kind !== 'AuthenticationError') return undefined;
      throw failure;
    }
  }
}

interface TableDefinition {
  readonly engine: string;
  readonly isReplicated: boolean;
  /** Number of blocks whose tokens the table keeps. */
  readonly window: number;
}

/** Other engines, such as Distributed and Buffer, pass the rows on without the guarantee. */
function dropsCopies({ engine, window }: TableDefinition): boolean {
  return engine.endsWith('MergeTree') && window > 0;
}

/**
 * A batch is one synchronous insert: the answer to an asynchronous one would come before the rows are stored, and a token would mean something
 * else. Without a token the server would compare the content of the rows, and drop a batch that equals another one.
 */
function deliveryOf(deduplicates: boolean, known: ReadonlySet<string>): TableDelivery {
  const wanted: ClickHouseSettings = deduplicates
    ? { async_insert: 0, insert_deduplicate: 1, deduplicate_insert: 'enable' }
    : { async_insert: 0, insert_deduplicate: 0, deduplicate_insert: 'disable' };
  const settings: ClickHouseSettings = Object.fromEntries(Object.entries(wanted).filter(([name]) => known.has(name)));
  return { deduplicates, settingsFor: (batchId) => (deduplicates ? { ...settings, insert_deduplication_token: batchId } : settings) };
}
