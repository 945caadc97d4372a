export { clientLoggerClass, type ClientLoggerClass, type ClientLoggerOptions } from './logging/client-logger.js';
export type { LogEvent } from './logging/lines.js';
export { type LogLevels, type LogOptions, logTo } from './logging/log-to.js';
export type { LogArguments, Logger, LogLevel } from './logging/logger.js';
