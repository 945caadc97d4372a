import { type Channel, channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClickHouseConfig } from '../config/config.js';
import type { BreakerState } from '../resilience/circuit-breaker.js';
import type { IngestDelivery, IngestRejection, IngestRetry } from './ingest.js';

/** The manager that an event belongs to, read-only. Its values are current at the time of the read, not at the time of the event. */
export interface ObservedManager {
  /** The current configuration. A rotation replaces it. */
  readonly config: ClickHouseConfig;
  /** `open` accepts statements, `draining` and `closed` reject them. */
  readonly state: 'open' | 'draining' | 'closed';
  /** Numbers of permits and statements. */
  readonly stats: {
    /** Maximum number of permits in use. */
    readonly max: number;
    /** Number of permits in use. */
    readonly inUse: number;
    /** Number of statements that wait for a permit. */
    readonly waiting: number;
    /** Number of statements that failed with AcquireTimeoutError so far. */
    readonly timedOut: number;
    /** Sockets of the manager's factory: with a statement, and kept for the next one. Managers with one factory have the same numbers. */
    readonly sockets: { readonly busy: number; readonly idle: number };
  };
  /** Returns the state of the circuit breaker of each server. */
  health(): { readonly endpoints: readonly { readonly url: string; readonly breaker: BreakerState['kind'] }[] };
}

/**
 * One statement with all its attempts, from its call to the end of its result. All events of a statement have the same object, so that an
 * observer can use it as a key. Its properties change until the end event.
 */
export interface StatementEvent {
  /** The manager that runs the statement. */
  readonly manager: ObservedManager;
  /**
   * One of a closed set: the first keyword of the SQL in upper case if it begins a statement of ClickHouse, `INSERT` for an insert, `PING`,
   * or else `OTHER`. Never the SQL itself.
   */
  readonly operation: string;
  /** The table of an insert, as the caller wrote it. Of a table function: `FUNCTION` and its name. Undefined for other operations. */
  readonly table: string | undefined;
  /** Time before the first attempt: the wait for a permit and for a connection, in milliseconds. Undefined until then. */
  readonly waitedMs: number | undefined;
  /** Number of attempts so far. 0 before the first one. */
  readonly attempts: number;
  /** Endpoint of the latest attempt: an origin without credentials, `chdb:` for the embedded engine. Undefined before the first one. */
  readonly endpoint: string | undefined;
  /** The `query_id` of the latest attempt, as in `system.query_log`. Undefined before the first one. */
  readonly queryId: string | undefined;
  /** Time since the call, in milliseconds. From the end event on, the total duration. */
  readonly durationMs: number;
  /**
   * In the end event, the error of the caller or of the reader of the body. Undefined after a success, also if the consumer stopped reading.
   * Before it, the error of the latest failed attempt.
   */
  readonly failure: unknown;
}

/** The events by channel name. Each name is `clickhouse-ssot:<subject>:<event>`. */
export interface TelemetryEvents {
  /** A service or session has received a statement, before the wait for a permit. Published by `statement/trace.ts`. */
  'clickhouse-ssot:statement:start': StatementEvent;
  /** A statement has failed, or its result was read, closed or broken off. Once for each statement. Published by `statement/trace.ts`. */
  'clickhouse-ssot:statement:end': StatementEvent;
  /** A further attempt of a statement starts. Published by `statement/trace.ts`. */
  'clickhouse-ssot:statement:retry': StatementRetry;
  /** A statement that had to wait for a permit has stopped waiting. Published by `concurrency/semaphore.ts`. */
  'clickhouse-ssot:permit:wait': PermitWait;
  /** A permit is held for longer than `leakDetectionThresholdMs`, or was released after that. Published by `concurrency/leak-detector.ts`. */
  'clickhouse-ssot:permit:leak': LeakReport;
  /** A socket to a server was connected, or could not be connected. Published by `client/agent.ts`. */
  'clickhouse-ssot:connection:open': ConnectionEvent;
  /** The circuit breaker of an endpoint has changed its state. Published by `endpoint/endpoint.ts`. */
  'clickhouse-ssot:breaker:transition': BreakerTransition;
  /** A rotation of a manager has succeeded or failed. Published by `manager/manager.ts`. */
  'clickhouse-ssot:rotation:end': RotationEnd;
  /** The event loop was blocked while statements ran. Published by `telemetry/event-loop-monitor.ts`. */
  'clickhouse-ssot:event-loop:stall': EventLoopStall;
  /** ClickHouse has taken a batch of an ingest, or a part of a divided one. Published by `ingest/recorder.ts`. */
  'clickhouse-ssot:ingest:delivered': IngestDelivery;
  /** A batch of an ingest was not taken, and is sent again after a pause. Published by `ingest/recorder.ts`. */
  'clickhouse-ssot:ingest:retry': IngestRetry;
  /** Rows of an ingest were set aside. Published by `ingest/recorder.ts`. */
  'clickhouse-ssot:ingest:rejected': IngestRejection;
}

/** A further attempt of a statement. */
export interface StatementRetry {
  /** The statement, with the number of the attempt that starts. */
  readonly statement: StatementEvent;
  /** The error of the attempt before. */
  readonly failure: unknown;
  /** Time between the failure and this attempt, in milliseconds. */
  readonly pauseMs: number;
}

/** The end of a wait for a permit. Statements that need not wait have no such event. */
export interface PermitWait {
  /** Name of the bulkhead. Undefined for a statement without one. */
  readonly bulkhead: string | undefined;
  /** Length of the wait, in milliseconds. */
  readonly waitedMs: number;
  /** The error of the statement. Undefined if a permit was granted. */
  readonly failure: Error | undefined;
}

/**
 * The end of an attempt to connect a socket, over TLS with the handshake. A client with a client certificate and no password uses the agent of
 * the official client, and has no such event.
 */
export interface ConnectionEvent {
  /** Origin of the server, without credentials. */
  readonly endpoint: string;
  /** Configuration of the client. Several managers may share the client. */
  readonly config: ClickHouseConfig;
  /** Time since the start of the attempt, in milliseconds. */
  readonly durationMs: number;
  /** A ConnectError. Undefined if the socket was connected. */
  readonly failure: Error | undefined;
}

/** A change of the state of a circuit breaker. */
export interface BreakerTransition {
  /** Origin of the server, without credentials. */
  readonly endpoint: string;
  /** State before the change. */
  readonly from: BreakerState['kind'];
  /** State after the change. */
  readonly to: BreakerState['kind'];
}

/** The end of a rotation. */
export interface RotationEnd {
  /** The manager that was rotated. */
  readonly manager: ObservedManager;
  /** The error of the rotation: the manager keeps its previous clients. Undefined after a success. */
  readonly failure: unknown;
}

/** A permit that is or was held for longer than `leakDetectionThresholdMs`. At most 10 reports a minute for each manager. */
export interface LeakReport {
  /** `held`: the permit has exceeded the threshold, reported once. `returned`: a permit that was reported was released. */
  readonly kind: 'held' | 'returned';
  /** Time since the grant, in milliseconds. */
  readonly heldMs: number;
  /** Stack of the call that acquired the permit, one frame a line, without a heading. */
  readonly acquiredAt: string;
  /** Number of reports that were suppressed by the limit since the previous report. */
  readonly suppressed: number;
}

/** A blocked event loop. A stall of less than 500 ms has no such event. */
export interface EventLoopStall {
  /** Length of the stall, in milliseconds. */
  readonly stalledMs: number;
}

type EventName = keyof TelemetryEvents;

const waitChannel = channel('clickhouse-ssot:permit:wait');

/** Bun drops a channel that nothing refers to, with its subscribers. */
const channels = new Map<EventName, Channel>();

function channelOf(name: EventName): Channel {
  const known = channels.get(name) ?? channel(name);
  channels.set(name, known);
  return known;
}

/** Publishes an event. Calls `event` only if the channel has subscribers. */
export function publish<Name extends EventName>(name: Name, event: () => TelemetryEvents[Name]): void {
  const target = channelOf(name);
  if (target.hasSubscribers) target.publish(event());
}

/** Publishes the end of a wait. Waits are frequent, so this skips the lookup of the channel by its name. */
export function publishWait(bulkhead: string | undefined, since: number, failure?: Error): void {
  if (waitChannel.hasSubscribers) waitChannel.publish({ bulkhead, waitedMs: performance.now() - since, failure });
}

/**
 * Calls the listener with each event of this name, from every copy of this package in the process, until the result is disposed of.
 * If the listener throws, statements are not affected: the first error becomes a warning of the process, and later ones are ignored.
 */
export function observe<Name extends EventName>(name: Name, listener: (event: TelemetryEvents[Name]) => void): Disposable {
  let hasWarned = false;
  const isEvent = (event: unknown): event is TelemetryEvents[Name] => typeof event === 'object' && event !== null;
  const onMessage = (event: unknown): void => {
    try {
      if (isEvent(event)) listener(event);
    } catch (error) {
      if (!hasWarned)
        process.emitWarning(
          `An observer of ${name} threw an error; its further errors are ignored: ${String(error)}`,
          'ClickHouseSsotWarning',
        );
      hasWarned = true;
    }
  };
  channelOf(name);
  subscribe(name, onMessage);
  return { [Symbol.dispose]: () => void unsubscribe(name, onMessage) };
}
