import type { Key, Values } from './options.js';
import { mergeValues, noValues, omitKeys, type ParsedValues } from './parsed-values.js';
import type { Layer } from './read-layer.js';
import { withoutPrototype } from './own-properties.js';

/*
 * A password goes to no server and no user but the one it was set for. This file is the only place of that rule.
 *
 * A password, a token and a user name are bound to the servers that their source names, together with the sources below it. A password is
 * also bound to the user that these sources name. If they name no server or no user, the value is bound to none. A password in a URL is bound
 * to the servers and the user of that URL. A value that is bound to another server or user counts as absent.
 */

/** One source, with what it names together with the sources below it. */
export interface ScopedLayer {
  readonly layer: Layer;
  /** The servers. Empty if the source names one that cannot be read: then no server is the same. Undefined if no source names one. */
  readonly servers: readonly string[] | undefined;
  /** The servers of its URL. The source and those below give the parts that the URL leaves out. */
  readonly urlServers: readonly string[];
}

/** The credentials that apply, with a note for each value that does not. */
export interface ScopedCredentials extends ParsedValues {
  /** Why a value of a source is not used, by key: `CLICKHOUSE_PASSWORD is for another server`. */
  readonly notes: Readonly<Partial<Record<Key, string>>>;
  /** The source of both a token and a user or password, which cannot be combined. */
  readonly conflict: Conflict | undefined;
}

interface Conflict {
  readonly token: string;
  readonly other: string;
}

type CredentialKey = 'username' | 'password' | 'accessToken' | 'role';
const credentialKeys: readonly CredentialKey[] = ['username', 'password', 'accessToken', 'role'];

/** A value of one source. */
interface Candidate<K extends CredentialKey = CredentialKey> {
  readonly value: NonNullable<Values[K]>;
  readonly source: string;
  /** Whether a part of a URL. */
  readonly isInUrl: boolean;
  /** Position of the source, 0 for the lowest. */
  readonly level: number;
  readonly isForServers: boolean;
  /** The user that a password is bound to. Undefined: none, so that it fits every user. */
  readonly username?: string | undefined;
}

/** The value that applies, or the reason why the first one does not. */
interface Selection<K extends CredentialKey = CredentialKey> {
  readonly selected: Candidate<K> | undefined;
  readonly note?: string;
}

/**
 * Returns the credentials for these servers.
 * @param layers lowest precedence first
 */
export function credentialsFor(servers: readonly string[], layers: readonly ScopedLayer[]): ScopedCredentials {
  const username = select(candidatesOf('username', servers, layers), undefined);
  const user = username.selected?.value ?? 'default';
  const password = select(withUsers(candidatesOf('password', servers, layers), layers), user);
  const role = select(withUsers(candidatesOf('role', servers, layers), layers), user);
  const accessToken = select(candidatesOf('accessToken', servers, layers), undefined);
  const account = [username.selected, password.selected].filter((selected) => selected !== undefined);
  return combine({ username, password, accessToken, role }, account);
}

/** The method of authentication of the source with the highest precedence applies. */
function combine(selections: Readonly<Record<CredentialKey, Selection>>, account: readonly Candidate[]): ScopedCredentials {
  const token = selections.accessToken.selected;
  const level = Math.max(-1, ...account.map((candidate) => candidate.level));
  const other = account.find((candidate) => candidate.level === level);
  const isTokenUsed = token !== undefined && token.level >= level;
  const isUsed = (key: CredentialKey) =>
    key === 'role' || token === undefined || other === undefined || (key === 'accessToken') === isTokenUsed;
  let result = noValues;
  const notes: Partial<Record<Key, string>> = withoutPrototype({});
  for (const key of credentialKeys) {
    const selection = selections[key];
    const { selected } = selection;
    if (selected && isUsed(key)) result = mergeValues(result, valueOf(key, selected));
    else {
      const winner = isTokenUsed ? token.source : other?.source;
      const note = selected ? `${selected.source} is not used together with ${String(winner)}` : selection.note;
      if (note !== undefined) notes[key] = note;
    }
  }
  const conflict = token && other && token.level === level ? { token: token.source, other: other.source } : undefined;
  return { ...result, notes, conflict };
}

function valueOf(key: CredentialKey, { value, source }: Candidate): ParsedValues {
  return { values: withoutPrototype({ [key]: value }), sources: withoutPrototype({ [key]: source }) };
}

/** Returns the first candidate that is bound to no other server and user. */
function select<K extends CredentialKey>(candidates: readonly Candidate<K>[], username: string | undefined): Selection<K> {
  const isForUser = (candidate: Candidate<K>) => candidate.username === undefined || candidate.username === username;
  const selected = candidates.find((candidate) => candidate.isForServers && isForUser(candidate));
  if (selected) return { selected };
  const [first] = candidates;
  if (!first) return { selected };
  const name = first.isInUrl ? `the value in ${first.source}` : first.source;
  return { selected, note: `${name} is for another ${first.isForServers ? 'user' : 'server'}` };
}

/** Returns the values of all sources, highest precedence first. */
function candidatesOf<K extends CredentialKey>(key: K, servers: readonly string[], layers: readonly ScopedLayer[]): Candidate<K>[] {
  return layers
    .flatMap(({ layer, servers: named, urlServers }, level) => {
      const isNamed = named === undefined || includesAll(named, servers);
      const isInUrl = includesAll(urlServers, servers);
      return [
        ...candidate<K>(layer.url.values[key], layer.url.sources[key], {
          level,
          isInUrl: true,
          isForServers: isInUrl || (!isSecret(key) && isNamed),
        }),
        ...candidate<K>(layer.own.values[key], layer.own.sources[key], { level, isInUrl: false, isForServers: isNamed }),
      ];
    })
    .reverse();
}

/** A user or role of a URL also applies if a key of the same source names another server than the URL. */
const isSecret = (key: CredentialKey) => key === 'password' || key === 'accessToken';

function candidate<K extends CredentialKey>(
  value: Values[K],
  source: string | undefined,
  facts: Pick<Candidate, 'level' | 'isInUrl' | 'isForServers'>,
): Candidate<K>[] {
  return value === undefined || source === undefined ? [] : [{ value, source, ...facts }];
}

/** Returns the values with the users that they are bound to. */
function withUsers<K extends CredentialKey>(candidates: readonly Candidate<K>[], layers: readonly ScopedLayer[]): Candidate<K>[] {
  return candidates.map((candidate) => {
    const named = userNamedBy(layers.slice(0, candidate.level + 1));
    const urlUser = layers[candidate.level]?.layer.url.values.username;
    return { ...candidate, username: candidate.isInUrl ? (urlUser ?? named ?? 'default') : named };
  });
}

/** Returns the user that these sources name for their own servers. */
function userNamedBy(layers: readonly ScopedLayer[]): string | undefined {
  const servers = layers.at(-1)?.servers;
  const { selected } = select(candidatesOf('username', servers ?? [], layers), undefined);
  return selected?.value;
}

/** Whether the source names these servers, or leaves the server to the sources above it. */
export function isForServers({ servers: named, urlServers }: ScopedLayer, servers: readonly string[]): boolean {
  return named === undefined || includesAll(named, servers) || includesAll(urlServers, servers);
}

export function isCredential(key: Key): boolean {
  return credentialKeys.some((name) => name === key);
}

/** Returns the values without the credentials. */
export function withoutCredentials(parsed: ParsedValues): ParsedValues {
  return omitKeys(parsed, isCredential);
}

export const includesAll = (named: readonly string[], servers: readonly string[]): boolean =>
  servers.every((server) => named.includes(server));
