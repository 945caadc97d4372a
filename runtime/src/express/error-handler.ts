import type { IncomingMessage, ServerResponse } from 'node:http';
import { assertOptions } from '../config/validate-options.js';
import { failureResponse, reportToConsole } from '../http/failure-response.js';
import { cutResponse, writeResponse } from '../http/node-response.js';
import { type FailureOptions, failureRules } from '../http/options.js';

/** An error handler of Express, and of each framework that has the middleware of Connect. */
export type ErrorHandler = (error: unknown, request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Returns the error handler for Express: `app.use(clickHouseErrorHandler())`, after the routes. It answers requests that failed because of
 * ClickHouse. After the headers of the response were sent, it cuts the connection. All other errors go to the next error handler.
 * @throws ConfigError if an option is unknown or invalid
 */
export function clickHouseErrorHandler(options: FailureOptions = {}): ErrorHandler {
  assertOptions('clickHouseErrorHandler', failureRules, options);
  const { onFailure = reportToConsole } = options;
  // Express recognises an error handler by its four parameters.
  return (error, _request, response, next) => {
    const failure = failureResponse(error, onFailure);
    if (failure === undefined) next(error);
    // The handler of Express would log the error with its text, which the report hides.
    else if (response.headersSent) cutResponse(response);
    else writeResponse(response, failure);
  };
}
