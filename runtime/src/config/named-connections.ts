import type { Key } from './options.js';
import { mergeValues, type ParsedValues, omitKeys } from './parsed-values.js';
import { serversOf } from './server-urls.js';

const credentialKeys: readonly Key[] = ['username', 'password', 'certFile', 'keyFile'];
const locationKeys: readonly Key[] = ['url', 'host', 'port', 'secure', 'database', 'dataPath', 'caFile', ...credentialKeys];

/**
 * Whether the name is valid: lower case, with digits and single underscores. `Logs` and `logs` would read the same variables but create
 * two managers.
 */
export function isConnectionName(name: string): boolean {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name);
}

/**
 * Returns the common values that a named connection inherits.
 *
 * A password belongs to one user of one server with or without TLS. A connection that sets another one of these and no password inherits no
 * password: the server rejects it, and the password is not sent to a server for which it is not meant.
 */
export function dropForeignValues(common: ParsedValues, { values }: ParsedValues): ParsedValues {
  const sets = (...keys: Key[]) => keys.some((key) => values[key] !== undefined);
  const foreign: readonly Key[] = sets('host', 'dataPath')
    ? locationKeys
    : sets('port', 'secure')
      ? credentialKeys
      : sets('username')
        ? ['password']
        : [];
  return omitKeys(common, (key) => foreign.includes(key));
}

/**
 * Returns the values of the variables without the parts of the URL variable that do not apply to the values in code. If code names another
 * server, no part of the URL applies. If code names another user, the password of the URL does not apply.
 */
export function dropForeignUrlValues(variables: ParsedValues, code: ParsedValues, urlVariable: string): ParsedValues {
  const merged = mergeValues(variables, code);
  const servers = serversOf(variables);
  const namesServer = code.values.host !== undefined && serversOf(merged).some((server) => !servers.includes(server));
  const namesUser = merged.values.username !== variables.values.username;
  const isFromUrl = (key: Key) => variables.sources[key]?.split('?')[0] === urlVariable;
  return omitKeys(variables, (key) => isFromUrl(key) && (namesServer || (namesUser && key === 'password')));
}
