import { afterEach, describe, expect, it } from 'vitest';
import { ConnectError, ConnectionLostError, OverloadedError, ServerError } from '../../../runtime/src/errors/index.js';
import { openIngest } from '../../../runtime/src/ingest/create-ingest.js';
import type { IngestOptions } from '../../../runtime/src/ingest/options.js';
import { fakeServer, plain, type SystemTables } from './fake-service.js';
import { TestClock } from './test-clock.js';

interface Row {
  readonly id: number;
}

type Query = Parameters<ReturnType<typeof fakeServer>['service']['query']>[0];

const closings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0)) await close().catch(() => undefined);
});

interface Lost {
  readonly log?: object;
  readonly settings?: IngestOptions['settings'];
  /** Values of settings on the server. */
  readonly values?: Readonly<Record<string, string>>;
  /** Throws instead of an answer to a query. */
  readonly onQuery?: (query: string, now: number) => void;
}

/** An ingest whose first insert has no answer. The table keeps copies, and the log has the row. */
async function lostInsert({ log = {}, settings = {}, values = {}, onQuery = () => undefined }: Lost) {
  const clock = new TestClock();
  const queries: Query[] = [];
  const tables: SystemTables = {
    ...plain,
    'system.query_log': [{ marker: 1, up: 1_000_000, ...log }],
    'SELECT name, value': Object.entries(values).map(([name, value]) => ({ name, value })),
  };
  const server = fakeServer(({ queryId }) => {
    if (queryId.endsWith('-1')) throw new ConnectionLostError('ECONNRESET', 'reset');
  }, tables);
  const query = server.service.query.bind(server.service);
  Object.assign(server.service, {
    query: async (params: Query) => {
      queries.push(params);
      onQuery(params.query, clock.now());
      return query(params);
    },
  });
  const ingest = openIngest<Row>({ table: 'events', service: server.service, settings }, clock);
  closings.push(() => ingest.close({ timeoutMs: 0 }));
  await ingest.add([{ id: 1 }, { id: 2 }]);
  const flushed = ingest.flush();
  flushed.catch(() => undefined);
  return { clock, server, ingest, flushed, queries };
}

const isLogQuery = (query: string) => query.includes('FROM system.query_log');
const refused = (clickhouseCode: number) => new ServerError({ clickhouseCode, type: undefined, text: 'refused' });
const busy = () => new OverloadedError({ clickhouseCode: 202, type: undefined, text: 'busy' });

describe('the lookup of an insert that the server need not log', () => {
  it.each([
    ['log_queries: 0', { log_queries: 0 }],
    ['log_queries_min_type', { log_queries_min_type: 'EXCEPTION_BEFORE_START' }],
    ['log_queries_min_query_duration_ms', { log_queries_min_query_duration_ms: 500 }],
    ['log_queries_probability', { log_queries_probability: 0.5 }],
  ] as const)('proves nothing by its absence: %s of the ingest. Its rows are counted', async (_, settings) => {
    const { clock, ingest, flushed } = await lostInsert({ settings });
    await clock.advance(60_000);
    await flushed;
    expect(ingest.stats).toMatchObject({ deliveredRows: 2, possiblyDuplicatedRows: 2 });
  });

  it('proves nothing by its absence if the settings are those of the user or of the connection', async () => {
    const { clock, ingest, flushed } = await lostInsert({ values: { log_queries: '1', log_queries_probability: '0.1' } });
    await clock.advance(60_000);
    await flushed;
    expect(ingest.stats.possiblyDuplicatedRows).toBe(2);
  });

  it('finds it if the server has logged it', async () => {
    const { clock, server, ingest, flushed } = await lostInsert({ log: { finished: 1 }, settings: { log_queries_probability: 0.5 } });
    await clock.advance(60_000);
    await flushed;
    expect(server.inserts).toHaveLength(1);
    expect(ingest.stats).toMatchObject({ deliveredRows: 2, possiblyDuplicatedRows: 0 });
  });

  it.each([
    { log_queries: 1 },
    { log_queries_min_type: 'QUERY_FINISH' },
    { log_queries_min_query_duration_ms: 0 },
    { log_queries_cut_to_length: '10' },
  ] as const)('proves by its absence that it has not arrived if all is logged: %o', async (settings) => {
    const values = {
      log_queries: '1',
      log_queries_min_type: 'QUERY_START',
      log_queries_min_query_duration_ms: '0',
      log_queries_probability: '1',
    };
    const { clock, server, ingest, flushed } = await lostInsert({ settings, values });
    await clock.advance(60_000);
    await flushed;
    expect(server.inserts).toHaveLength(2);
    expect(ingest.stats.possiblyDuplicatedRows).toBe(0);
  });

  it('is marked by a statement with the same settings', async () => {
    const settings = { log_queries: 1, date_time_input_format: 'best_effort' } as const;
    const { clock, flushed, queries } = await lostInsert({ settings });
    await clock.advance(60_000);
    await flushed;
    const marker = queries.find(({ query_id }) => query_id?.includes('look-up-'));
    expect(marker?.clickhouse_settings).toEqual({ log_queries: 1 });
  });
});

describe('a lookup that fails', () => {
  it.each([
    ['the server has too much load', busy],
    ['the connection is lost', () => new ConnectionLostError('ECONNRESET', 'reset')],
    ['there is no connection', () => new ConnectError('ECONNREFUSED', false, 'refused')],
  ])('since %s, is tried again, so that a stored batch is not inserted twice', async (_, error) => {
    let failures = 5;
    const { clock, server, ingest, flushed } = await lostInsert({
      log: { started: 1, finished: 1 },
      onQuery: (query) => {
        if (isLogQuery(query) && failures-- > 0) throw error();
      },
    });
    await clock.advance(500);
    expect(ingest.stats).toMatchObject({ state: 'retrying', bufferedRows: 2, lastError: { message: error().message } });
    await clock.advance(60_000);
    await flushed;
    expect(server.inserts).toHaveLength(1);
    expect(ingest.stats).toMatchObject({ state: 'open', deliveredRows: 2, possiblyDuplicatedRows: 0, lastError: undefined });
  });

  it('is tried again until an outage of an hour is over', async () => {
    const { clock, server, ingest, flushed } = await lostInsert({
      log: { started: 1, finished: 1 },
      onQuery: (query, now) => {
        if (query.includes('name, value') && now < 3_600_000) throw new ConnectionLostError('ECONNRESET', 'reset');
      },
    });
    await clock.advance(3_500_000);
    expect(ingest.stats).toMatchObject({ state: 'retrying', bufferedRows: 2 });
    await clock.advance(200_000);
    await flushed;
    expect(server.inserts).toHaveLength(1);
    expect(ingest.stats.possiblyDuplicatedRows).toBe(0);
  });

  it('for ten minutes, although the server answers other questions, can tell nothing', async () => {
    const { clock, ingest, flushed } = await lostInsert({
      onQuery: (query) => {
        if (isLogQuery(query)) throw busy();
      },
    });
    await clock.advance(590_000);
    expect(ingest.stats.possiblyDuplicatedRows).toBe(0);
    await clock.advance(60_000);
    await flushed;
    expect(ingest.stats).toMatchObject({ deliveredRows: 2, possiblyDuplicatedRows: 2 });
  });

  it.each([
    ['a missing right', 497],
    ['too little memory', 241],
  ])('for %s, can tell nothing: the batch is sent again, and counted', async (_, code) => {
    const { clock, ingest, flushed } = await lostInsert({
      onQuery: (query) => {
        if (isLogQuery(query)) throw refused(code);
      },
    });
    await clock.advance(1_000);
    await flushed;
    expect(ingest.stats).toMatchObject({ deliveredRows: 2, possiblyDuplicatedRows: 2 });
  });

  it('does not delay the end of close()', async () => {
    const { clock, ingest } = await lostInsert({
      onQuery: (query) => {
        if (isLogQuery(query)) throw busy();
      },
    });
    await clock.advance(5_000);
    await expect(ingest.close({ timeoutMs: 0 })).rejects.toMatchObject({ rowCount: 2, mayBePartial: true });
  });
});
