import type { ConfigProblem } from '../errors/index.js';
import type { DetectedEnvironment } from './environment.js';
import { type Key, variableOf } from './options.js';
import type { ParsedValues } from './parsed-values.js';

const files = ['caFile', 'certFile', 'keyFile'] as const;
const ofServers = ['port', 'secure', 'username', 'password', ...files, 'compressRequests', 'compressResponses'] as const;

/** What each value allows, and all together do not. */
export function* conflicts(
  { values, sources }: ParsedValues,
  { environment, evidence }: DetectedEnvironment,
  connection: string | undefined,
): Iterable<ConfigProblem> {
  const variable = (key: Key) => variableOf(key, connection);
  // Of what could be read: whoever made a mistake in it hears of the mistake, and not of what follows.
  const problem = (key: Key, found: string, expected: string): ConfigProblem[] => {
    const name = values[key] === undefined ? undefined : sources[key];
    return name === undefined ? [] : [{ key: name, found, expected }];
  };
  if (values.host !== undefined) {
    const where = String(sources.host);
    if (values.url && sources.url === sources.host && sources.port !== sources.url)
      yield* problem('port', `a port beside the several servers of ${where}`, 'a port with each host, in the URL');
    yield* problem('dataPath', `a data folder for the embedded engine, beside the server of ${where}`, 'one of the two');
    if (values.secure !== true)
      for (const key of files) yield* problem(key, 'a file for TLS, and a server without', `https:// in the URL, or ${variable('secure')}`);
    if (sources.keyFile === undefined) yield* problem('certFile', 'a certificate without its key', `${variable('keyFile')} beside it`);
    if (sources.certFile === undefined) yield* problem('keyFile', 'a key without its certificate', `${variable('certFile')} beside it`);
  } else if (sources.url !== undefined || sources.host !== undefined) return;
  else if (environment === 'production' || environment === 'staging')
    yield {
      key: variable('url'),
      found: 'nothing',
      expected: `the URL of a server, because this is ${environment} (${evidence}); ${variable('host')} with ${variable('port')} and ${variable('secure')} will do as well`,
    };
  else {
    const expected = `${variable('host')} or ${variable('url')} beside it; the embedded engine has no use for it`;
    for (const key of ofServers) yield* problem(key, 'a value for a server, and no server', expected);
  }
}
