import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { BreakerState } from '../resilience/circuit-breaker.js';
import type { ClickHouseConfig } from '../config/config.js';

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
  'clickhouse-ssot:statement:retry': { readonly statement: StatementEvent; readonly failure: unknown; readonly pauseMs: number };
  'clickhouse-ssot:permit:wait': PermitWait;
  'clickhouse-ssot:connection:open': ConnectionEvent;
  'clickhouse-ssot:breaker:transition': {
    readonly endpoint: string;
    readonly from: BreakerState['kind'];
    readonly to: BreakerState['kind'];
  };
  'clickhouse-ssot:rotation:end': { readonly manager: ObservedManager; readonly failure: unknown };
  'clickhouse-ssot:permit:leak': LeakReport;
  'clickhouse-ssot:event-loop:stall': EventLoopStall;
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

/** A permit that somebody holds for too long, or has given back after having been reported. */
export interface LeakReport {
  readonly kind: 'held' | 'returned';
  readonly heldMs: number;
  /** Who acquired it: the stack of the call. */
  readonly acquiredAt: string;
  /** Reports that were left out since the last one, lest they flood the log. */
  readonly leftOut: number;
}

/** Told each time the event loop has stood still. */
export interface EventLoopStall {
  readonly stalledMs: number;
}

type EventName = keyof TelemetryEvents;

const waited = channel('clickhouse-ssot:permit:wait');

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
