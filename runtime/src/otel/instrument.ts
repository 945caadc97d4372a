import {
  metrics,
  type MeterProvider,
  type ObservableResult,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import { assertOptions, objectWith, type OptionRules } from '../config/validate-options.js';
import { poolNameOf, processPools } from '../telemetry/pools.js';
import { observe, type ObservedManager, type StatementEvent } from '../telemetry/telemetry.js';
import { instrumentIngests } from './ingest-metrics.js';
import { createInstruments } from './instruments.js';
import { outcomeAttributes, poolAttributes, spanNameOf, statementAttributes } from './attributes.js';

/** Options of `instrument()`. */
export interface InstrumentOptions {
  /** Creates the spans. Default: the global one at the time of the call. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Creates the metrics. Default: the global one at the time of the call. */
  readonly meterProvider?: MeterProvider | undefined;
}

const rules: OptionRules<InstrumentOptions> = {
  tracerProvider: objectWith('a TracerProvider', 'getTracer'),
  meterProvider: objectWith('a MeterProvider', 'getMeter'),
};

/** Name of the instrumentation scope. */
const scope = '@clickhouse-ssot/runtime';

/**
 * Creates spans and metrics for all managers and ingests of the process, until the result is disposed of. They follow the OpenTelemetry semantic
 * conventions for databases. Each statement is one span of kind CLIENT, with its retries as events. A permit counts as a connection.
 * Call it after the start of the OpenTelemetry SDK: before it, the global meter provider records nothing.
 * @throws ConfigError if an option is unknown or invalid
 */
export function instrument(options: InstrumentOptions = {}): Disposable {
  assertOptions('instrument', rules, options);
  const { tracerProvider = trace.getTracerProvider(), meterProvider = metrics.getMeterProvider() } = options;
  const tracer = tracerProvider.getTracer(scope);
  const meter = meterProvider.getMeter(scope);
  const instruments = createInstruments(meter);
  const spans = new WeakMap<StatementEvent, Span>();
  // A manager is added with its first statement: before it, there is nothing to measure.
  const pools = processPools();
  const attributesOf = (manager: ObservedManager) => poolAttributes(pools.nameOf(manager));

  const observers = [
    ...instrumentIngests(meter),
    observe('clickhouse-ssot:statement:start', (statement) => {
      pools.nameOf(statement.manager);
      spans.set(statement, tracer.startSpan(spanNameOf(statement), { kind: SpanKind.CLIENT, attributes: statementAttributes(statement) }));
    }),
    observe('clickhouse-ssot:statement:retry', ({ statement, failure, pauseMs }) => {
      spans.get(statement)?.addEvent('retry', { ...outcomeAttributes(failure), attempt: statement.attempts, pause_ms: pauseMs });
    }),
    // Managers with the same configuration may share the client, so the event has no manager: the name of the first pool applies.
    observe('clickhouse-ssot:connection:open', ({ config, durationMs, failure }) => {
      if (failure === undefined) instruments.createTime.record(durationMs / 1_000, poolAttributes(poolNameOf(config)));
    }),
    observe('clickhouse-ssot:statement:end', (statement) => {
      const { durationMs, waitedMs, failure, manager } = statement;
      const attributes = { ...statementAttributes(statement), ...outcomeAttributes(failure) };
      instruments.duration.record(durationMs / 1_000, attributes);
      if (waitedMs !== undefined) {
        instruments.waitTime.record(waitedMs / 1_000, attributesOf(manager));
        instruments.useTime.record((durationMs - waitedMs) / 1_000, attributesOf(manager));
      }
      const span = spans.get(statement)?.setAttributes(attributes);
      if (failure !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    }),
  ];

  const observeStat = (stat: 'max' | 'waiting' | 'timedOut') => (result: ObservableResult) => {
    for (const [manager, name] of pools.open()) result.observe(manager.stats[stat], poolAttributes(name));
  };
  const observeCount = (result: ObservableResult) => {
    for (const [manager, name] of pools.open()) {
      const { inUse, max } = manager.stats;
      const pool = poolAttributes(name);
      result.observe(inUse, { ...pool, 'db.client.connection.state': 'used' });
      result.observe(max - inUse, { ...pool, 'db.client.connection.state': 'idle' });
    }
  };
  const callbacks = [
    [instruments.count, observeCount],
    [instruments.max, observeStat('max')],
    [instruments.pending, observeStat('waiting')],
    [instruments.timeouts, observeStat('timedOut')],
  ] as const;
  for (const [instrument, callback] of callbacks) instrument.addCallback(callback);

  return {
    [Symbol.dispose]: () => {
      for (const observer of observers) observer[Symbol.dispose]();
      for (const [instrument, callback] of callbacks) instrument.removeCallback(callback);
    },
  };
}
