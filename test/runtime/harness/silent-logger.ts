import type { Logger } from '@clickhouse/client';

const ignore = (): void => undefined;

/** A logger of the official client that ignores its messages. */
export class SilentLogger implements Logger {
  readonly trace = ignore;
  readonly debug = ignore;
  readonly info = ignore;
  readonly warn = ignore;
  readonly error = ignore;
}
