import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { BreakerState } from '../breaker.js';
import type { ClickHouseConfig } from '../config/config.js';
import type { Run } from '../dispatch.js';
import { parseFailure } from '../errors.js';
import { keywordOf } from '../sql.js';
import type { LeakReport } from './leaks.js';
import type { Stall } from './stalls.js';

/** Whose event it is. */
export interface ObservedManager {
  readonly config: ClickHouseConfig;
  readonly state: 'open' | 'draining' | 'closed';
  readonly stats: { readonly max: number; readonly inUse: number; readonly waiting: number; readonly timedOut: number };
}

/** One statement with all its attempts, from its call to the end of its answer: the same object in all its events, for an observer to remember things by. */
export interface StatementEvent {
  readonly manager: ObservedManager;
  /** The keyword that its SQL begins with, `INSERT` or `PING`. Never the SQL itself. */
  readonly operation: string;
  /** Of an insert. */
  readonly table: string | undefined;
  /** Until it was first sent: its wait for a permit, and for a connection if there was none. Undefined as long as it was not. */
  readonly waitedMs: number | undefined;
  readonly attempts: number;
  /** Where its latest attempt went, without credentials. */
  readonly endpoint: string | undefined;
  /** From its call to now; at its end, to its end. */
  readonly durationMs: number;
  /** What its caller is told, or whoever reads its body. */
  readonly failure: unknown;
}

export interface TelemetryEvents {
  'clickhouse-ssot:statement:start': StatementEvent;
  'clickhouse-ssot:statement:end': StatementEvent;
  /** `failure`: of the attempt before; `pauseMs`: between the two. */
  'clickhouse-ssot:retry': { readonly statement: StatementEvent; readonly failure: unknown; readonly pauseMs: number };
  'clickhouse-ssot:permit.wait': PermitWait;
  'clickhouse-ssot:connection': ConnectionEvent;
  'clickhouse-ssot:breaker': { readonly endpoint: string; readonly from: BreakerState['kind']; readonly to: BreakerState['kind'] };
  'clickhouse-ssot:rotation': { readonly manager: ObservedManager; readonly failure: unknown };
  'clickhouse-ssot:leak': LeakReport;
  'clickhouse-ssot:stall': Stall;
}

/** Somebody had to wait for a permit, and does so no longer. */
export interface PermitWait {
  readonly bulkhead: string | undefined;
  readonly waitedMs: number;
  /** Undefined where a permit was granted. */
  readonly failure: Error | undefined;
}

/** A socket to a server has come about, over TLS when both sides had agreed, or has not. */
export interface ConnectionEvent {
  readonly endpoint: string;
  /** Of the client that it is for, which several managers may share. */
  readonly config: ClickHouseConfig;
  readonly durationMs: number;
  /** Undefined where it came about. */
  readonly failure: Error | undefined;
}

type EventName = keyof TelemetryEvents;

const [started, ended, repeated, waited] = [
  channel('clickhouse-ssot:statement:start'),
  channel('clickhouse-ssot:statement:end'),
  channel('clickhouse-ssot:retry'),
  channel('clickhouse-ssot:permit.wait'),
];

/** Where nobody listens this costs a look at who does, and `event` is not even made. */
export function publish<Name extends EventName>(name: Name, event: () => TelemetryEvents[Name]): void {
  const to = channel(name);
  if (to.hasSubscribers) to.publish(event());
}

/** As `publish`, of what happens too often for a look at the register of channels. */
export function publishWait(bulkhead: string | undefined, since: number, failure?: Error): void {
  if (waited.hasSubscribers) waited.publish({ bulkhead, waitedMs: performance.now() - since, failure });
}

/**
 * Calls the listener with each such event of this process, whichever copy of this package it is from, until it is disposed of.
 * A listener that throws is warned about once, and changes nothing for anybody.
 */
export function observe<Name extends EventName>(name: Name, listener: (event: TelemetryEvents[Name]) => void): Disposable {
  let hasWarned = false;
  const isEvent = (event: unknown): event is TelemetryEvents[Name] => typeof event === 'object' && event !== null;
  const guarded = (event: unknown): void => {
    try {
      if (isEvent(event)) listener(event);
    } catch (error) {
      if (!hasWarned) process.emitWarning(`An observer of ${name} throws, and is not heard: ${String(error)}`, 'ClickHouseSsotWarning');
      hasWarned = true;
    }
  };
  subscribe(name, guarded);
  return { [Symbol.dispose]: () => void unsubscribe(name, guarded) };
}

/** The way of a statement, and whoever listens is told of what happens on it. Where nobody does it is the way itself. */
export function traced(run: Run, manager: ObservedManager): Run {
  return (params, send, hold) => {
    if (!started.hasSubscribers && !ended.hasSubscribers && !repeated.hasSubscribers) return run(params, send, hold);
    const trace = new StatementTrace(manager, params);
    started.publish(trace);
    const told = run(
      params,
      (client, given, statement) => trace.attempt(statement.facts.endpoint, () => send(client, given, statement)),
      hold &&
        ((result, statement) => {
          statement.onEnd = (failure) => trace.end(failure);
          return hold(result, statement);
        }),
    );
    // Before its caller hears of it.
    return told.then(
      (result) => {
        if (!hold) trace.end(undefined);
        return result;
      },
      (error: unknown) => {
        trace.end(error);
        throw error;
      },
    );
  };
}

class StatementTrace implements StatementEvent {
  readonly operation: string;
  readonly table: string | undefined;
  readonly #startedAt = performance.now();
  #durationMs: number | undefined;
  #failedAt = 0;
  waitedMs: number | undefined;
  attempts = 0;
  endpoint: string | undefined;
  failure: unknown;

  constructor(
    readonly manager: ObservedManager,
    params: object,
  ) {
    this.table = 'table' in params ? String(params.table) : undefined;
    if (this.table !== undefined) this.operation = 'INSERT';
    else if ('query' in params) this.operation = keywordOf(String(params.query)) ?? 'UNKNOWN';
    else this.operation = 'PING';
  }

  get durationMs(): number {
    return this.#durationMs ?? performance.now() - this.#startedAt;
  }

  async attempt<Result>(endpoint: string | undefined, send: () => Promise<Result>): Promise<Result> {
    this.endpoint = endpoint;
    this.waitedMs ??= this.durationMs;
    if (++this.attempts > 1) repeated.publish({ statement: this, failure: this.failure, pauseMs: performance.now() - this.#failedAt });
    try {
      return await send();
    } catch (error) {
      this.failure = parseFailure(error, { endpoint });
      this.#failedAt = performance.now();
      throw error;
    }
  }

  /** The first time counts: a caller that reads a failed body is told what the body was told before. */
  end(failure: unknown): void {
    if (this.#durationMs !== undefined) return;
    this.#durationMs = this.durationMs;
    this.failure = failure;
    ended.publish(this);
  }
}
