import { parseFailure, ServerError } from '../errors/index.js';

/**
 * Returns the code of a failure for telemetry: the ClickHouse code as text if the server returned one, also in the middle of a result, and
 * otherwise the code of this package's error. Undefined for a success.
 */
export function errorCodeOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  const failure = parseFailure(error);
  const serverError = [failure, failure.cause].find((candidate) => candidate instanceof ServerError);
  return serverError?.clickhouseCode === undefined ? failure.code : String(serverError.clickhouseCode);
}
