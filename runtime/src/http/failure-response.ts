import { ClickHouseError } from '@clickhouse/client';
import { ClickHouseSsotError, parseFailure } from '../errors/index.js';
import { type HttpFailure, httpStatusOf } from './http-status.js';
import type { FailureReport } from './options.js';

/**
 * Returns the response to a request whose handler threw this error, and reports the error. Returns undefined for an error that does not come
 * from ClickHouse: it is left to the application.
 */
export function failureResponse(error: unknown, report: (failure: FailureReport) => void): HttpFailure | undefined {
  if (!(error instanceof ClickHouseSsotError) && !(error instanceof ClickHouseError)) return undefined;
  const response = httpStatusOf(error);
  // The client closed the connection: that is no failure of the service.
  if (response.status !== 499) sendReport(report, { error: parseFailure(error), status: response.status });
  return response;
}

/** Calls a report. Its own failure changes no response: a warning says it. */
export function sendReport(report: (failure: FailureReport) => unknown, failure: FailureReport): void {
  const warn = (error: unknown): void =>
    process.emitWarning(`onFailure has failed, and one failure of ClickHouse was not reported: ${String(error)}`, 'ClickHouseSsotWarning');
  try {
    // A function that returns nothing by its type may be asynchronous.
    Promise.resolve(report(failure)).catch(warn);
  } catch (error) {
    warn(error);
  }
}

/** Writes a failure to the console. */
export function reportToConsole({ error, status }: FailureReport): void {
  console.error(`ClickHouse failure, answered with HTTP ${status}: ${JSON.stringify(error)}`);
}
