import {
  type Attributes,
  metrics,
  type MeterProvider,
  type ObservableResult,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import type { ClickHouseConfig } from './config/config.js';
import { parseFailure, ServerError } from './errors/index.js';
import { observe, type ObservedManager, type StatementEvent } from './telemetry/telemetry.js';

export interface InstrumentOptions {
  /** The global one by default. */
  readonly tracerProvider?: TracerProvider;
  /** The global one by default. */
  readonly meterProvider?: MeterProvider;
}

const scope = '@clickhouse-ssot/runtime';
/** Seconds, as the conventions have them. */
const boundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * One CLIENT span for each statement, with all its attempts in it, and the metrics of operations and permits, by the semantic
 * conventions for databases; a permit is what they call a connection. Until what it returns is disposed of.
 */
export function instrument({
  tracerProvider = trace.getTracerProvider(),
  meterProvider = metrics.getMeterProvider(),
}: InstrumentOptions = {}): Disposable {
  const tracer = tracerProvider.getTracer(scope);
  const meter = meterProvider.getMeter(scope);
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: boundaries } });
  const duration = seconds('db.client.operation.duration', 'Duration of database client operations.');
  const waitTime = seconds('db.client.connection.wait_time', 'The time it took to obtain the right to run a statement.');
  const useTime = seconds('db.client.connection.use_time', 'The time between obtaining the right to run a statement and giving it back.');
  const createTime = seconds('db.client.connection.create_time', 'The time it took to connect to a server.');
  const count = meter.createObservableUpDownCounter('db.client.connection.count', {
    description: 'Permits that are used, and those that are idle.',
    unit: '{connection}',
  });
  const max = meter.createObservableUpDownCounter('db.client.connection.max', {
    description: 'How many statements may run at once.',
    unit: '{connection}',
  });
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
    description: 'Statements that wait for a permit.',
    unit: '{request}',
  });
  const timeouts = meter.createObservableCounter('db.client.connection.timeouts', {
    description: 'Statements that got no permit in time.',
    unit: '{timeout}',
  });

  const spans = new WeakMap<StatementEvent, Span>();
  // Known from their first statement on: a manager without one has nothing to tell.
  const managers = new Set<ObservedManager>();
  const poolOf = pools();

  const observers = [
    observe('clickhouse-ssot:statement:start', (statement) => {
      managers.add(statement.manager);
      spans.set(statement, tracer.startSpan(nameOf(statement), { kind: SpanKind.CLIENT, attributes: attributesOf(statement) }));
    }),
    observe('clickhouse-ssot:statement:retry', ({ statement, failure, pauseMs }) => {
      spans.get(statement)?.addEvent('retry', { ...outcomeOf(failure), attempt: statement.attempts, pause_ms: pauseMs });
    }),
    // Of managers that are equal nobody knows whose it is, since they may share a client: the first one's.
    observe('clickhouse-ssot:connection:open', ({ config, durationMs, failure }) => {
      if (failure === undefined) createTime.record(durationMs / 1_000, poolNamed(poolNameOf(config)));
    }),
    observe('clickhouse-ssot:statement:end', (statement) => {
      const { durationMs, waitedMs, failure, manager } = statement;
      const outcome = { ...attributesOf(statement), ...outcomeOf(failure) };
      duration.record(durationMs / 1_000, outcome);
      if (waitedMs !== undefined) {
        waitTime.record(waitedMs / 1_000, poolOf(manager));
        useTime.record((durationMs - waitedMs) / 1_000, poolOf(manager));
      }
      const span = spans.get(statement)?.setAttributes(outcome);
      if (failure !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    }),
  ];

  const collect = (observe: (manager: ObservedManager) => void) => {
    for (const manager of managers) {
      if (manager.state === 'closed') managers.delete(manager);
      else observe(manager);
    }
  };
  const callbacks = [
    [
      count,
      (result: ObservableResult) =>
        collect((manager) => {
          const { inUse, max } = manager.stats;
          result.observe(inUse, { ...poolOf(manager), 'db.client.connection.state': 'used' });
          result.observe(max - inUse, { ...poolOf(manager), 'db.client.connection.state': 'idle' });
        }),
    ],
    [max, (result: ObservableResult) => collect((manager) => result.observe(manager.stats.max, poolOf(manager)))],
    [pending, (result: ObservableResult) => collect((manager) => result.observe(manager.stats.waiting, poolOf(manager)))],
    [timeouts, (result: ObservableResult) => collect((manager) => result.observe(manager.stats.timedOut, poolOf(manager)))],
  ] as const;
  for (const [instrument, callback] of callbacks) instrument.addCallback(callback);

  return {
    [Symbol.dispose]: () => {
      for (const observer of observers) observer[Symbol.dispose]();
      for (const [instrument, callback] of callbacks) instrument.removeCallback(callback);
    },
  };
}

function nameOf({ operation, table, manager }: StatementEvent): string {
  return `${operation} ${table ?? manager.config.database}`;
}

function attributesOf({ operation, table, endpoint, manager }: StatementEvent): Attributes {
  const { engine, database } = manager.config;
  return {
    'db.system.name': 'clickhouse',
    'db.namespace': database,
    'db.operation.name': operation,
    ...(table !== undefined && { 'db.collection.name': table }),
    ...(engine.kind === 'server' && addressOf(endpoint ?? engine.url)),
  };
}

function addressOf(endpoint: string): Attributes {
  const { hostname, port, protocol } = new URL(endpoint);
  return { 'server.address': hostname.replace(/^\[|\]$/g, ''), 'server.port': Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/** ClickHouse's own code where it has given one, as a string, also of a result that broke off; else the code of our error. */
function outcomeOf(error: unknown): Attributes {
  if (error === undefined) return {};
  const failure = parseFailure(error);
  const said = [failure, failure.cause].find((one) => one instanceof ServerError);
  const code = said?.clickhouseCode;
  return code === undefined ? { 'error.type': failure.code } : { 'db.response.status_code': String(code), 'error.type': String(code) };
}

/**
 * A name that no other pool of the application has, as the conventions demand: managers of one connection, server and database are counted.
 * A number is free again when its manager is closed, so that who comes in its place goes on with its series.
 */
function pools(): (manager: ObservedManager) => Attributes {
  const holders = new Map<string, ObservedManager[]>();
  return (manager) => {
    const name = poolNameOf(manager.config);
    const known = holders.get(name) ?? [];
    holders.set(name, known);
    let place = known.indexOf(manager);
    if (place === -1) {
      place = known.findIndex(({ state }) => state === 'closed');
      if (place === -1) place = known.length;
      known[place] = manager;
    }
    return poolNamed(place === 0 ? name : `${name}#${place + 1}`);
  };
}

function poolNamed(name: string): Attributes {
  return { 'db.client.connection.pool.name': name };
}

/** By its first server, where there are several. */
function poolNameOf({ connection, engine, database }: ClickHouseConfig): string {
  const place = engine.kind === 'server' ? `${engine.host}:${engine.port}/${database}` : `embedded/${database}`;
  return connection === undefined ? place : `${connection}@${place}`;
}
