import type { Key } from './options.js';
import { mergeValues, type ParsedValues, omitKeys } from './parsed-values.js';
import { serversOf } from './server-urls.js';

const credentials: readonly Key[] = ['username', 'password', 'certFile', 'keyFile'];
const place: readonly Key[] = ['url', 'host', 'port', 'secure', 'database', 'dataPath', 'caFile', ...credentials];

/** One spelling for each set of variables: two names for one would be two managers for one. */
export function isConnectionName(name: string): boolean {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name);
}

/**
 * What a named connection takes from the unnamed one. A password is meant for one user of one server over one kind of wire: whoever
 * names another of these and no password has none, and is told so by the server, rather than show a secret to a stranger.
 */
export function withoutForeign(common: ParsedValues, { values }: ParsedValues): ParsedValues {
  const says = (...keys: Key[]) => keys.some((key) => values[key] !== undefined);
  const foreign: readonly Key[] = says('host', 'dataPath')
    ? place
    : says('port', 'secure')
      ? credentials
      : says('username')
        ? ['password']
        : [];
  return omitKeys(common, (key) => foreign.includes(key));
}

/** The credentials in a URL are meant for its server and its user: where code names others, they stay at home. So does all else of it with its server. */
export function withoutForeignUrl(variables: ParsedValues, code: ParsedValues, urlVariable: string): ParsedValues {
  const both = mergeValues(variables, code);
  const known = serversOf(variables);
  const namesServer = code.values.host !== undefined && serversOf(both).some((server) => !known.includes(server));
  const namesUser = both.values.username !== variables.values.username;
  const isOfUrl = (key: Key) => variables.sources[key]?.split('?')[0] === urlVariable;
  return omitKeys(variables, (key) => isOfUrl(key) && (namesServer || (namesUser && key === 'password')));
}
