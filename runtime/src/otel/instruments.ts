import type { Histogram, Meter, ObservableCounter, ObservableUpDownCounter } from '@opentelemetry/api';

/** The instruments of a meter, named as in the OpenTelemetry semantic conventions for databases. */
export interface Instruments {
  /** Duration of a statement, in seconds. */
  readonly duration: Histogram;
  /** Wait for a permit and a connection, in seconds. */
  readonly waitTime: Histogram;
  /** Time from the first attempt to the end of the result, in seconds. */
  readonly useTime: Histogram;
  /** Time to connect a socket, in seconds. */
  readonly createTime: Histogram;
  /** Number of permits by state: `used` or `idle`. */
  readonly count: ObservableUpDownCounter;
  /** Maximum number of permits in use. */
  readonly max: ObservableUpDownCounter;
  /** Number of statements that wait for a permit. */
  readonly pending: ObservableUpDownCounter;
  /** Number of statements that failed with AcquireTimeoutError. */
  readonly timeouts: ObservableCounter;
}

/** Bucket boundaries of durations in seconds, as the conventions recommend. */
export const durationBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Creates the instruments. */
export function createInstruments(meter: Meter): Instruments {
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: durationBoundaries } });
  return {
    duration: seconds('db.client.operation.duration', 'Duration of database client operations.'),
    waitTime: seconds('db.client.connection.wait_time', 'The time it took to obtain the right to run a statement.'),
    useTime: seconds('db.client.connection.use_time', 'The time between obtaining the right to run a statement and returning it.'),
    createTime: seconds('db.client.connection.create_time', 'The time it took to connect to a server.'),
    count: meter.createObservableUpDownCounter('db.client.connection.count', {
      description: 'Number of permits by state, used or idle.',
      unit: '{connection}',
    }),
    max: meter.createObservableUpDownCounter('db.client.connection.max', {
      description: 'Maximum number of statements that run at the same time.',
      unit: '{connection}',
    }),
    pending: meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
      description: 'Number of statements that wait for a permit.',
      unit: '{request}',
    }),
    timeouts: meter.createObservableCounter('db.client.connection.timeouts', {
      description: 'Number of statements that timed out while they waited for a permit.',
      unit: '{timeout}',
    }),
  };
}
