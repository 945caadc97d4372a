import { assertParameter, objectWith, type OptionRule } from '../config/validate-options.js';
import { ConfigError } from '../errors/index.js';

/** Levels of a line, ascending. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A logger such as that of `pino`, `winston`, NestJS or `console`. Without `info`, its `log` gets these lines. */
export interface Logger {
  /** Writes a line of the level `debug`. Default: a level `debug` in the options is a ConfigError. */
  debug?(...values: unknown[]): unknown;
  /** Writes a line of the level `info`. Default: `log`. */
  info?(...values: unknown[]): unknown;
  /** Writes a line of the level `info`, if there is no `info`. Default: the lines need `info`. */
  log?(...values: unknown[]): unknown;
  /** Writes a line of the level `warn`. */
  warn(...values: unknown[]): unknown;
  /** Writes a line of the level `error`. */
  error(...values: unknown[]): unknown;
}

/**
 * What the methods of a logger take.
 * - `fields-first`: an object, then the message, as `pino` and `bunyan` do.
 * - `message-first`: the message, then an object, as `winston` and `console` do.
 * - `fields-only`: one object with the message in its key `message`, for the `Logger` of NestJS.
 */
export type LogArguments = 'fields-first' | 'message-first' | 'fields-only';

/** Writes one line. */
export type WriteLine = (level: LogLevel, fields: object, message: string) => void;

/** Accepts one of these values. */
export function oneOf(values: readonly (string | false)[]): OptionRule {
  return { expected: `one of ${values.join(', ')}`, accepts: (value) => values.some((each) => each === value) };
}

/** The valid values of `arguments`. */
export const argumentsRule = oneOf(['fields-first', 'message-first', 'fields-only']);

const loggerRule = objectWith('a logger with the methods warn and error', 'warn', 'error');

/** @throws ConfigError for what is no logger */
export function assertLogger(logger: unknown): void {
  assertParameter('logger', loggerRule, logger);
}

/** Returns the order that the methods of a logger take: `fields-first` for `pino` and `bunyan`, `message-first` for all others. */
function argumentsOf(logger: Logger): LogArguments {
  // Only `pino` has `bindings`, and only `bunyan` has `addStream`.
  const isFieldsFirst = ['bindings', 'addStream'].some((method) => typeof Reflect.get(logger, method) === 'function');
  return isFieldsFirst ? 'fields-first' : 'message-first';
}

/**
 * Returns a function that writes to the logger. The first error of the logger, or rejection of its promise, becomes a process warning.
 * @param levels levels that will be written
 * @throws ConfigError if the logger has no method for one of the levels
 */
export function writerTo(logger: Logger, levels: Iterable<LogLevel>, order: LogArguments = argumentsOf(logger)): WriteLine {
  for (const level of new Set(levels)) {
    if (methodOf(logger, level) !== undefined) continue;
    const expected = `a logger with the method ${level}, or another level for the events`;
    throw new ConfigError([{ key: 'logger', found: `no method ${level}`, expected }]);
  }
  let hasWarned = false;
  const warn = (error: unknown): void => {
    if (!hasWarned)
      process.emitWarning(`The logger threw an error; its further errors are ignored: ${String(error)}`, 'ClickHouseSsotWarning');
    hasWarned = true;
  };
  return (level, fields, message) => {
    const values = order === 'fields-first' ? [fields, message] : order === 'message-first' ? [message, fields] : [{ message, ...fields }];
    try {
      const written = methodOf(logger, level)?.apply(logger, values);
      // A rejection without a handler ends the process.
      if (isPromise(written)) written.then(undefined, warn);
    } catch (error) {
      warn(error);
    }
  };
}

type LogMethod = (...values: unknown[]) => unknown;

function methodOf(logger: Logger, level: LogLevel): LogMethod | undefined {
  const names = level === 'info' ? ['info', 'log'] : [level];
  return names.map((name): unknown => Reflect.get(logger, name)).find((value) => isMethod(value));
}

const isMethod = (value: unknown): value is LogMethod => typeof value === 'function';

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && isMethod(value.then);
