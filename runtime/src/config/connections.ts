import type { Key } from './keys.js';

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
export function withoutForeign<Value>(common: ReadonlyMap<Key, Value>, own: ReadonlyMap<Key, Value>): ReadonlyMap<Key, Value> {
  const says = (...keys: Key[]) => keys.some((key) => own.has(key));
  const foreign: readonly Key[] = says('host', 'dataPath')
    ? place
    : says('port', 'secure')
      ? credentials
      : says('username')
        ? ['password']
        : [];
  return new Map([...common].filter(([key]) => !foreign.includes(key)));
}
