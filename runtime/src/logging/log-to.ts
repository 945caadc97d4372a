import {
  anyObject,
  assertOptions,
  atLeast,
  completeOptions,
  countFrom,
  type OptionRules,
  type SomeOptions,
} from '../config/validate-options.js';
import { processPools } from '../telemetry/pools.js';
import { observe } from '../telemetry/telemetry.js';
import {
  breakerLine,
  connectionLine,
  endLine,
  ingestRejectionLine,
  ingestRetryLine,
  leakLine,
  type LogEvent,
  type LogLine,
  retryLine,
  rotationLine,
  stallLine,
} from './lines.js';
import { argumentsRule, assertLogger, type LogArguments, type Logger, type LogLevel, oneOf, writerTo } from './logger.js';
import { RepeatLimit } from './repeat-limit.js';

/** The level of each event. `false`: the event is not logged. */
export type LogLevels = Readonly<Record<LogEvent, LogLevel | false>>;

/** Options of `logTo()`. */
export interface LogOptions {
  /** What the methods of the logger take. Default: `fields-first` for `pino` and `bunyan`, else `message-first`. */
  readonly arguments?: LogArguments | undefined;
  /** Minimum duration of a slow statement, in milliseconds, 0 or more, from its call to the end of its result. Default: 1,000. */
  readonly slowStatementMs?: number | undefined;
  /** Levels of events, in place of the defaults. */
  readonly levels?: SomeOptions<LogLevels> | undefined;
  /** Maximum number of lines that repeat each other in `repeatIntervalMs`: of one event, endpoint and error. Default: 5. `Infinity`: no limit. */
  readonly maxRepeats?: number | undefined;
  /** Interval of `maxRepeats`, in milliseconds, 1 to 2,147,483,647. At its end, the number of lines that were left out is written. Default: 60,000. */
  readonly repeatIntervalMs?: number | undefined;
}

const defaultLevels: LogLevels = {
  'statement.failed': 'error',
  'statement.aborted': 'info',
  'statement.slow': 'warn',
  'statement.retry': 'warn',
  'connection.failed': 'warn',
  'breaker.opened': 'error',
  'breaker.changed': 'info',
  'permit.leaked': 'warn',
  'permit.returned': 'info',
  'rotation.done': 'info',
  'rotation.failed': 'error',
  'event-loop.stalled': 'warn',
  'ingest.retry': 'warn',
  'ingest.stalled': 'error',
  'ingest.rejected': 'error',
};

const maxTimerMs = 2 ** 31 - 1;

const rules: OptionRules<LogOptions> = {
  arguments: argumentsRule,
  slowStatementMs: atLeast(0),
  levels: anyObject,
  maxRepeats: countFrom(1),
  repeatIntervalMs: {
    expected: 'a number from 1 to 2,147,483,647',
    accepts: (value) => typeof value === 'number' && value >= 1 && value <= maxTimerMs,
  },
};

const level = oneOf(['debug', 'info', 'warn', 'error', false]);
const levelRules: OptionRules<LogLevels> = {
  'statement.failed': level,
  'statement.aborted': level,
  'statement.slow': level,
  'statement.retry': level,
  'connection.failed': level,
  'breaker.opened': level,
  'breaker.changed': level,
  'permit.leaked': level,
  'permit.returned': level,
  'rotation.done': level,
  'rotation.failed': level,
  'event-loop.stalled': level,
  'ingest.retry': level,
  'ingest.stalled': level,
  'ingest.rejected': level,
};

/**
 * Writes the events of all managers of the process to a logger, as lines with fields, until the result is disposed of. No line contains SQL,
 * query parameters, rows or credentials. A statement is shown by its operation, table and `query_id`.
 * @throws ConfigError if an option is unknown or invalid, or if the logger has no method for a level
 */
export function logTo(logger: Logger, options: LogOptions = {}): Disposable {
  assertLogger(logger);
  assertOptions('logTo', rules, options);
  const { slowStatementMs = 1_000, maxRepeats = 5, repeatIntervalMs = 60_000 } = options;
  const levels = completeOptions('logTo.levels', levelRules, defaultLevels, options.levels);
  const write = writerTo(
    logger,
    Object.values(levels).filter((level) => level !== false),
    options.arguments,
  );
  const limit = new RepeatLimit({ max: maxRepeats, intervalMs: repeatIntervalMs }, ({ event, fields, message }) => {
    const level = levels[event];
    if (level !== false) write(level, { event: `clickhouse.${event}`, ...fields }, message);
  });
  const add = (line: LogLine | undefined): void => {
    if (line && levels[line.event] !== false) limit.add(line);
  };

  const pools = processPools();
  const observers = [
    // A pool gets its name with its first statement, as in metrics.
    observe('clickhouse-ssot:statement:start', ({ manager }) => void pools.nameOf(manager)),
    observe('clickhouse-ssot:statement:end', (statement) => add(endLine(statement, pools, slowStatementMs))),
    observe('clickhouse-ssot:statement:retry', (retry) => add(retryLine(retry, pools))),
    observe('clickhouse-ssot:connection:open', (connection) => add(connectionLine(connection))),
    observe('clickhouse-ssot:breaker:transition', (transition) => add(breakerLine(transition))),
    observe('clickhouse-ssot:permit:leak', (report) => add(leakLine(report))),
    observe('clickhouse-ssot:rotation:end', (rotation) => add(rotationLine(rotation, pools))),
    observe('clickhouse-ssot:event-loop:stall', (stall) => add(stallLine(stall))),
    observe('clickhouse-ssot:ingest:retry', (retry) => add(ingestRetryLine(retry))),
    observe('clickhouse-ssot:ingest:rejected', (rejection) => add(ingestRejectionLine(rejection))),
  ];
  return {
    [Symbol.dispose]: () => {
      for (const observer of observers) observer[Symbol.dispose]();
      limit.end();
    },
  };
}
