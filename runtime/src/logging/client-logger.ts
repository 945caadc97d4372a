import type { ClickHouseClientConfigOptions } from '@clickhouse/client';
import { assertOptions } from '../config/validate-options.js';
import { parseFailure } from '../errors/index.js';
import { argumentsRule, assertLogger, type LogArguments, type Logger, type LogLevel, writerTo } from './logger.js';

/** The type of `client.log.LoggerClass`. */
export type ClientLoggerClass = NonNullable<NonNullable<ClickHouseClientConfigOptions['log']>['LoggerClass']>;

/** Options of `clientLoggerClass()`. */
export interface ClientLoggerOptions {
  /** What the methods of the logger take. Default: `fields-first` for `pino` and `bunyan`, else `message-first`. */
  readonly arguments?: LogArguments | undefined;
}

/** The parameters of the methods of the class. */
interface ClientLine {
  readonly module: string;
  readonly message: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly err?: Error;
}

/** The values of the official client that are text and never SQL. */
const textKeys = new Set(['operation', 'connection_id', 'query_id', 'socket_id', 'session_id']);

/**
 * Returns a class for `client: { log: { LoggerClass } }`, which writes the lines of the official client to the logger, without SQL. Call it
 * once for each logger: configurations with different classes have clients of their own.
 * @throws ConfigError if the logger has no method for a level, or if an option is unknown or invalid
 */
export function clientLoggerClass(logger: Logger, options: ClientLoggerOptions = {}): ClientLoggerClass {
  assertLogger(logger);
  assertOptions<ClientLoggerOptions>('clientLoggerClass', { arguments: argumentsRule }, options);
  const lowest: LogLevel = logger.debug ? 'debug' : 'info';
  const write = writerTo(logger, [lowest, 'info', 'warn', 'error'], options.arguments);
  const writeAt =
    (level: LogLevel) =>
    ({ module, message, args = {}, err }: ClientLine): void =>
      write(
        level,
        { event: 'clickhouse.client', module, ...withoutSql(args), ...(err && { error: parseFailure(err).toJSON() }) },
        `ClickHouse client: ${message}`,
      );
  return class {
    readonly trace = writeAt(lowest);
    readonly debug = writeAt(lowest);
    readonly info = writeAt('info');
    readonly warn = writeAt('warn');
    readonly error = writeAt('error');
  };
}

/** Keeps numbers, booleans and the texts that are known. */
function withoutSql(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).filter(
      ([key, value]) => typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && textKeys.has(key)),
    ),
  );
}
