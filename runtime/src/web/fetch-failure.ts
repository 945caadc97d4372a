import {
  type ClickHouseSsotError,
  ConnectError,
  ConnectionLostError,
  parseFailure,
  type StatementFacts,
  UnclassifiedError,
} from '../errors/index.js';
import { isError } from '../errors/is-error.js';

/** Deno says in the text, and only there, that the connection could not be opened. */
const connectMessage = 'client error (Connect)';
const tlsMessage = /certificate|corrupt message|handshake|tls|ssl/i;

/**
 * Returns the rejection of `fetch`, or of the body of its response, as an error of this package.
 *
 * Bun and Node.js give the code of the system, Deno a text. Workers and browsers do not say whether a connection was opened. There the
 * server may have received the statement, so the failure is a ConnectionLostError. An AbortError is one as well: an abort of the statement has an
 * error of its own, so the `fetch` of the caller has a limit of its own.
 */
export function parseFetchFailure(error: unknown, facts: StatementFacts): ClickHouseSsotError {
  if (isError(error) && error.name === 'AbortError')
    return new ConnectionLostError(undefined, `fetch ended its own request: ${error.message}`, { ...facts, cause: error });
  const cause: unknown = isError(error) ? error.cause : undefined;
  for (const each of [error, cause]) {
    if (each === undefined) continue;
    const failure = parseFailure(each, facts);
    if (!(failure instanceof UnclassifiedError)) return failure;
  }
  const detail = [error, cause].filter(isError).map(({ message }) => message);
  const text = detail.at(-1) ?? String(error);
  if (text.includes(connectMessage)) return new ConnectError(undefined, tlsMessage.test(text), text, { ...facts, cause: error });
  return new ConnectionLostError(undefined, `fetch failed with "${text}", which does not say more`, { ...facts, cause: error });
}
