import type { ConfigProblem } from '../errors/index.js';
import type { DetectedEnvironment } from './environment.js';
import type { Key } from './options.js';
import type { ParsedValues } from './parsed-values.js';

const tlsFileKeys = ['caFile', 'certFile', 'keyFile'] as const;
/** Without TLS, the password would go to such a port in clear text. */
const tlsPorts: ReadonlySet<number> = new Set([443, 8443]);

const serverKeys = [
  'port',
  'pathname',
  'secure',
  'username',
  'password',
  'accessToken',
  'role',
  ...tlsFileKeys,
  'compressRequests',
  'compressResponses',
] as const;

/**
 * Returns the problems of values that are valid alone and invalid together.
 * @param variable returns the name under which a missing value can be set
 */
export function* conflicts(
  { values, sources }: ParsedValues,
  { environment, evidence }: DetectedEnvironment,
  variable: (key: Key) => string,
): Iterable<ConfigProblem> {
  // An invalid value has no conflicts: its own problem is reported already.
  const problem = (key: Key, found: string, expected: string): ConfigProblem[] => {
    const name = values[key] === undefined ? undefined : sources[key];
    return name === undefined ? [] : [{ key: name, found, expected }];
  };
  if (values.host !== undefined) {
    const hostSource = String(sources.host);
    if (values.url && sources.url === sources.host && sources.port !== sources.url)
      yield* problem('port', `one port for the several servers of ${hostSource}`, 'a port for each host, in the URL');
    yield* problem('dataPath', `a data folder for the embedded engine, and the server of ${hostSource}`, 'only one of the two');
    if (sources.secure === undefined && tlsPorts.has(values.port ?? 0))
      yield* problem(
        'port',
        `port ${String(values.port)}, which is usual with TLS, and nothing that says whether the server has TLS`,
        `https:// or http:// in the URL, or ${variable('secure')}=true or false`,
      );
    if (values.secure !== true)
      for (const key of tlsFileKeys)
        yield* problem(key, 'a file for TLS, and a server without TLS', `https:// in the URL, or ${variable('secure')}=true`);
    if (sources.keyFile === undefined) yield* problem('certFile', 'a certificate without its key', `${variable('keyFile')} as well`);
    if (sources.certFile === undefined) yield* problem('keyFile', 'a key without its certificate', `${variable('certFile')} as well`);
  } else if (sources.url !== undefined || sources.host !== undefined) return;
  else if (environment === 'production' || environment === 'staging')
    yield {
      key: variable('url'),
      found: 'nothing',
      expected: `the URL of a server, because the environment is ${environment} (${evidence}); or ${variable('host')}, ${variable('port')} and ${variable('secure')}`,
    };
  else {
    const expected = `${variable('host')} or ${variable('url')} as well; the embedded engine does not use this value`;
    for (const key of serverKeys) yield* problem(key, 'a value for a server, and no server', expected);
  }
}
