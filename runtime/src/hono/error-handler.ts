import type { Context, ErrorHandler } from 'hono';
import { anyFunction, assertOptions, type OptionRules } from '../config/validate-options.js';
import { failureResponse, reportToConsole } from '../http/failure-response.js';
import { type FailureOptions, failureRules } from '../http/options.js';

/** Options of the error handler for Hono. */
export interface HonoFailureOptions extends FailureOptions {
  /** Your handler of all other errors. Default: the response of an `HTTPException`, else the error in the console and a 500, as by Hono. */
  readonly otherErrors?: ErrorHandler | undefined;
}

/**
 * Returns the error handler for Hono: `app.onError(clickHouseErrorHandler())`. It answers requests that failed because of ClickHouse. Hono has
 * one error handler for each application, so your own one is an option.
 * @throws ConfigError if an option is unknown or invalid
 */
export function clickHouseErrorHandler(options: HonoFailureOptions = {}): ErrorHandler {
  assertOptions('clickHouseErrorHandler', rules, options);
  const { onFailure = reportToConsole, otherErrors = answerAsHono } = options;
  return (error, context) => {
    const failure = failureResponse(error, onFailure);
    if (failure === undefined) return otherErrors(error, context);
    return new Response(JSON.stringify(failure.body), { status: failure.status, headers: failure.headers });
  };
}

const rules: OptionRules<HonoFailureOptions> = { ...failureRules, otherErrors: anyFunction };

/** Hono does not export its own error handler. */
function answerAsHono(error: Parameters<ErrorHandler>[0], context: Context): Response {
  if ('getResponse' in error) {
    const response = error.getResponse();
    return context.newResponse(response.body, response);
  }
  console.error(error);
  return context.text('Internal Server Error', 500);
}
