import type { Counter, Histogram } from 'prom-client';
import { poolNameOf, processPools } from '../telemetry/pools.js';
import { observe, type ObservedManager } from '../telemetry/telemetry.js';
import { collectIngests } from './ingest-metrics.js';
import { BoundedValues, errorLabel, outcomeLabels } from './labels.js';
import type { CollectorLimits } from './limits.js';
import type { MetricSet } from './metrics.js';

/** States of a circuit breaker. */
const breakerStates = ['closed', 'open', 'half-open', 'isolated'] as const;

/** Creates the metrics of a set and keeps them up to date by the events of the process, until the result is disposed of. */
export function collect(metrics: MetricSet, limits: CollectorLimits): Disposable {
  // A manager is added with its first statement: before it, there is nothing to measure.
  const pools = processPools();
  const [poolValues, endpointValues] = [new BoundedValues(limits.maxPools), new BoundedValues(limits.maxPools)];
  const poolOf = (manager: ObservedManager) => poolValues.bound(pools.nameOf(manager));
  const openPools = () => pools.open().map(([manager, name]) => [manager, poolValues.bound(name)] as const);
  createGauges(metrics, openPools, (endpoint) => endpointValues.bound(endpoint));
  const { statements, retries, rotations, transitions, leaks, stalls, connectFailures, duration, wait, connect } = createEventMetrics(
    metrics,
    limits.buckets,
  );

  const observers = [
    ...collectIngests(metrics, limits),
    observe('clickhouse-ssot:statement:start', ({ manager }) => void poolOf(manager)),
    observe('clickhouse-ssot:statement:retry', ({ statement: { manager, operation }, failure }) => {
      retries.inc({ pool: poolOf(manager), operation, error: errorLabel(failure) });
    }),
    observe('clickhouse-ssot:statement:end', ({ manager, operation, durationMs, waitedMs, failure }) => {
      const pool = poolOf(manager);
      statements.inc({ pool, operation, ...outcomeLabels(failure) });
      duration.observe({ pool, operation }, durationMs / 1_000);
      if (waitedMs !== undefined) wait.observe({ pool }, waitedMs / 1_000);
    }),
    // Managers with the same configuration may share the client, so the event has no manager: the name of the first pool applies.
    observe('clickhouse-ssot:connection:open', ({ config, durationMs, failure }) => {
      const pool = poolValues.bound(poolNameOf(config));
      if (failure === undefined) connect.observe({ pool }, durationMs / 1_000);
      else connectFailures.inc({ pool });
    }),
    observe('clickhouse-ssot:breaker:transition', ({ endpoint, to }) => {
      transitions.inc({ endpoint: endpointValues.bound(endpoint), to });
    }),
    observe('clickhouse-ssot:rotation:end', ({ manager, failure }) => {
      rotations.inc({ pool: poolOf(manager), result: failure === undefined ? 'success' : 'failure' });
    }),
    observe('clickhouse-ssot:permit:leak', ({ kind }) => {
      if (kind === 'held') leaks.inc();
    }),
    observe('clickhouse-ssot:event-loop:stall', () => stalls.inc()),
  ];
  return {
    [Symbol.dispose]: () => {
      for (const observer of observers) observer[Symbol.dispose]();
    },
  };
}

/** Creates the metrics that are read from the managers at each scrape. */
function createGauges(
  metrics: MetricSet,
  openPools: () => readonly (readonly [ObservedManager, string])[],
  endpointLabel: (endpoint: string) => string,
): void {
  const ofPools = (read: (stats: ObservedManager['stats']) => number) => (set: (labels: { pool: string }, value: number) => void) => {
    for (const [manager, pool] of openPools()) set({ pool }, read(manager.stats));
  };
  metrics.gauge(
    'permits_max',
    'Maximum number of permits in use.',
    ['pool'],
    ofPools(({ max }) => max),
  );
  metrics.gauge(
    'permits_in_use',
    'Permits in use: running statements, unread results and sessions.',
    ['pool'],
    ofPools(({ inUse }) => inUse),
  );
  metrics.gauge(
    'statements_waiting',
    'Statements that wait for a permit.',
    ['pool'],
    ofPools(({ waiting }) => waiting),
  );
  metrics.gauge('sockets', 'Sockets to the servers, by state.', ['pool', 'state'], (set) => {
    for (const [manager, pool] of openPools()) {
      const { busy, idle } = manager.stats.sockets;
      set({ pool, state: 'busy' }, busy);
      set({ pool, state: 'idle' }, idle);
    }
  });
  metrics.gauge('breaker_state', 'Circuit breakers in each state: 1 for the current state.', ['pool', 'endpoint', 'state'], (set) => {
    for (const [manager, pool] of openPools())
      for (const { url, breaker } of manager.health().endpoints)
        for (const state of breakerStates) set({ pool, endpoint: endpointLabel(url), state }, breaker === state ? 1 : 0);
  });
}

/** The metrics that events change. */
interface EventMetrics {
  readonly statements: Counter<'pool' | 'operation' | 'outcome' | 'error'>;
  readonly retries: Counter<'pool' | 'operation' | 'error'>;
  readonly rotations: Counter<'pool' | 'result'>;
  readonly transitions: Counter<'endpoint' | 'to'>;
  readonly leaks: Counter;
  readonly stalls: Counter;
  readonly connectFailures: Counter<'pool'>;
  readonly duration: Histogram<'pool' | 'operation'>;
  readonly wait: Histogram<'pool'>;
  readonly connect: Histogram<'pool'>;
}

function createEventMetrics(metrics: MetricSet, buckets: readonly number[]): EventMetrics {
  return {
    statements: metrics.counter('statements_total', 'Statements that have ended.', ['pool', 'operation', 'outcome', 'error']),
    retries: metrics.counter('retries_total', 'Further attempts of statements, by the error of the attempt before.', [
      'pool',
      'operation',
      'error',
    ]),
    rotations: metrics.counter('rotations_total', 'Rotations of credentials or servers.', ['pool', 'result']),
    transitions: metrics.counter('breaker_transitions_total', 'Changes of circuit breakers, by the new state.', ['endpoint', 'to']),
    leaks: metrics.counter('permit_leaks_total', 'Permits that were held for longer than leakDetectionThresholdMs.', []),
    stalls: metrics.counter('event_loop_stalls_total', 'Times that the event loop was blocked for 500 ms or more.', []),
    connectFailures: metrics.counter('connect_failures_total', 'Sockets that could not be connected.', ['pool']),
    duration: metrics.histogram(
      'statement_duration_seconds',
      'Time from the call of a statement to the end of its result.',
      ['pool', 'operation'],
      buckets,
    ),
    wait: metrics.histogram('permit_wait_seconds', 'Time from the call of a statement to its first attempt.', ['pool'], buckets),
    connect: metrics.histogram('connect_duration_seconds', 'Time to connect a socket, with the TLS handshake.', ['pool'], buckets),
  };
}
