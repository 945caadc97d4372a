import type { ClickHouseSettings } from '@clickhouse/client';
import { parseFailure, ServerError } from '../../errors/index.js';
import type { ClickHouseService } from '../../statement/service.js';
import { refusesQuestion } from './classify-failure.js';
import { literal, parseTableName, type TableName } from './table-name.js';

/** What the server does with batches of a table. */
export interface TableDelivery {
  /** Whether the table is known to drop a second batch with the same token. */
  readonly deduplicates: boolean;
  /** Time for which it remembers a token, in milliseconds. 0 if it drops no copies or if that is not known, Infinity without a limit. */
  readonly rememberedMs: number;
  /** Returns the settings of the insert of this batch. */
  settingsFor(batchId: string): ClickHouseSettings;
}

/** Settings of a batch. A server that is older than one of them would refuse it. */
const settingNames = ['async_insert', 'insert_deduplicate', 'deduplicate_insert', 'insert_deduplication_token'] as const;

/** Time after which the table is asked for again, in milliseconds: it may be replaced by one with another engine. */
const maxAgeMs = 600_000;

/** Codes of a table or column that does not exist, and of a missing right: an answer that does not change by itself. */
const unanswerable: ReadonlySet<number> = new Set([16, 47, 60, 81, 291, 497]);

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

  /**
   * Returns the last answer, or asks. A question that the server refuses, such as for too little memory, is no answer: the insert has the token,
   * which does no harm, and the question is asked again before the next one.
   * @throws every error that would meet the insert as well: without a server, nothing is sent
   */
  async current(signal: AbortSignal): Promise<TableDelivery> {
    if (this.#known && this.now() - this.#askedAt < maxAgeMs) return this.#known;
    this.#askedAt = -Infinity;
    const settings = (await this.#unlessRefused(this.#names(signal))) ?? new Set(settingNames);
    const definition = await this.#unlessRefused(this.#definition(signal));
    if (definition === undefined) return deliveryOf('unknown', settings);
    this.#known = deliveryOf(settings.has('insert_deduplication_token') ? rememberedMsOf(definition) : 0, settings);
    // A table that is missing now may be created as one that deduplicates.
    if (definition !== 'missing') this.#askedAt = this.now();
    return this.#known;
  }

  /** Returns which settings the server knows. All of them if the user may not ask: every supported server has the tables of settings. */
  async #names(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const list = settingNames.map(literal).join(', ');
    const rows = await this.#rows(`SELECT name FROM system.settings WHERE name IN (${list})`, signal);
    return new Set(rows?.map(({ name }) => String(name)) ?? settingNames);
  }

  async #definition(signal: AbortSignal): Promise<TableDefinition | 'missing'> {
    if (!this.#name) return 'missing';
    const { database, name } = this.#name;
    const inDatabase = database === undefined ? 'currentDatabase()' : literal(database);
    const tables = await this.#rows(
      `SELECT engine, engine_full FROM system.tables WHERE database = ${inDatabase} AND name = ${literal(name)}`,
      signal,
    );
    const [table] = tables ?? [];
    if (!table) return 'missing';
    const engine = String(table['engine']);
    const isReplicated = /^(?:Replicated|Shared)/.test(engine);
    const valueOf = async (setting: string, fallback: number): Promise<number> => {
      const own = new RegExp(`\\b(?<!non_)${setting} = (\\d+)`).exec(String(table['engine_full']))?.[1];
      return own === undefined ? this.#defaultOf(setting, isReplicated, fallback, signal) : Number(own);
    };
    // The fallbacks are the defaults of the first releases, or those of the last ones if they are shorter.
    if (!isReplicated) return { engine, blocks: await valueOf('non_replicated_deduplication_window', 0), seconds: Infinity };
    const blocks = await valueOf('replicated_deduplication_window', 100);
    return { engine, blocks, seconds: await valueOf('replicated_deduplication_window_seconds', 3_600) };
  }

  /** Returns the default of the server, which its configuration may set. */
  async #defaultOf(setting: string, isReplicated: boolean, fallback: number, signal: AbortSignal): Promise<number> {
    const table = isReplicated ? 'replicated_merge_tree_settings' : 'merge_tree_settings';
    const rows = await this.#rows(`SELECT value FROM system.${table} WHERE name = ${literal(setting)}`, signal);
    const value = rows?.[0]?.['value'];
    return value === undefined ? fallback : Number(value);
  }

  /** Returns the rows, or undefined if the server can never answer. @throws every other error of the query */
  async #rows(query: string, abort_signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[] | undefined> {
    try {
      const result = await this.service().query({ query, format: 'JSONEachRow', abort_signal });
      return await result.json<Record<string, unknown>>();
    } catch (error) {
      const failure = parseFailure(error);
      if (failure instanceof ServerError && unanswerable.has(failure.clickhouseCode ?? 0)) return undefined;
      throw failure;
    }
  }

  /** Returns undefined if the server refuses the question alone. @throws every other error of it */
  async #unlessRefused<Answer>(question: Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await question;
    } catch (error) {
      const failure = parseFailure(error);
      if (refusesQuestion(failure)) return undefined;
      throw failure;
    }
  }
}

interface TableDefinition {
  readonly engine: string;
  /** Number of blocks whose tokens the table remembers. */
  readonly blocks: number;
  /** Time for which it remembers them. */
  readonly seconds: number;
}

/** Returns 0 for a table that is missing or not visible, and for other engines, such as Distributed and Buffer, which pass the rows on without the guarantee. */
function rememberedMsOf(definition: TableDefinition | 'missing'): number {
  if (definition === 'missing') return 0;
  const { engine, blocks, seconds } = definition;
  return engine.endsWith('MergeTree') && blocks > 0 ? seconds * 1000 : 0;
}

/**
 * A batch is one synchronous insert: the answer to an asynchronous one would come before the rows are stored, and a token would mean something
 * else. Without a token the server would compare the content of the rows, and drop a batch that equals another one.
 */
function deliveryOf(remembered: number | 'unknown', known: ReadonlySet<string>): TableDelivery {
  const hasToken = remembered !== 0 && known.has('insert_deduplication_token');
  const rememberedMs = remembered === 'unknown' ? 0 : remembered;
  const wanted: ClickHouseSettings = hasToken
    ? { async_insert: 0, insert_deduplicate: 1, deduplicate_insert: 'enable' }
    : { async_insert: 0, insert_deduplicate: 0, deduplicate_insert: 'disable' };
  const settings: ClickHouseSettings = Object.fromEntries(Object.entries(wanted).filter(([name]) => known.has(name)));
  return {
    deduplicates: rememberedMs > 0,
    rememberedMs,
    settingsFor: (batchId) => (hasToken ? { ...settings, insert_deduplication_token: batchId } : settings),
  };
}
