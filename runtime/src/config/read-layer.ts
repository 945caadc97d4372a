import type { ConfigKeys } from './config-input.js';
import type { EnvironmentVariables } from './environment.js';
import { type Key, keyNames, keys, prefixOf, suffixesOf } from './options.js';
import { nativePorts } from './native-ports.js';
import { ownProperty, withoutPrototype } from './own-properties.js';
import {
  type Issue,
  isSameValue,
  mergeValues,
  noValues,
  omitKeys,
  type ParsedValues,
  type ParseResult,
  parseValues,
  type RawValue,
} from './parsed-values.js';
import { parseUrls } from './parse-url.js';
import { serversOf } from './server-address.js';

/** Keys that are compared by the servers of two URLs, and the user. */
const addressKeys: readonly Key[] = ['url', 'host', 'port', 'pathname', 'secure', 'username'];

/** Everything that one source says: code, the variables of a named connection, or the common variables. */
export interface Layer extends ParseResult {
  /** The values of keys, without the parts of the URL. */
  readonly own: ParsedValues;
  /** The parts of the URL. */
  readonly url: ParsedValues;
  /** ClickHouse settings in the URL. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Reads the keys in code. An undefined key is absent. */
export function readCode(input: ConfigKeys): Layer {
  return readLayer(keyNames.map((key) => ({ key, value: ownProperty(input, key), name: key })));
}

/** Reads the variables of a named connection, or the common ones. Shells and compose files set a variable to an empty text to unset it. */
export function readVariables(env: EnvironmentVariables, connection: string | undefined): Layer {
  const rawValue = (key: Key, suffix: string): RawValue => {
    const name = prefixOf(connection) + suffix;
    const value = ownProperty(env, name);
    const isAbsent = value === '' || (suffix === keys.port.variable && isNativePortBesideHttpPort(env, connection));
    return { key, value: isAbsent ? undefined : value, name, ...(suffix !== keys[key].variable && { variable: suffix }) };
  };
  return readLayer(keyNames.flatMap((key) => suffixesOf(key).map((suffix) => rawValue(key, suffix))));
}

/** Deployments that also have clients of the native protocol name its port in `PORT`, and the other one in `HTTP_PORT`. */
function isNativePortBesideHttpPort(env: EnvironmentVariables, connection: string | undefined): boolean {
  const valueOf = (suffix: string) => ownProperty(env, prefixOf(connection) + suffix)?.trim() ?? '';
  return nativePorts.has(Number(valueOf('PORT'))) && valueOf('HTTP_PORT') !== '';
}

/** @param all the own variable of each key before the others */
function readLayer(all: readonly RawValue[]): Layer {
  const present = all.filter(({ value }) => value !== undefined);
  const urlValues = parseValues(present.filter(({ key }) => key === 'url'));
  const hostUrl = present.map(urlOfHost).find((found) => found !== undefined);
  const own = readKeys(present.filter(({ key, name }) => key !== 'url' && name !== hostUrl?.name));
  const urls = [
    ...(urlValues.sources.url === undefined ? [] : [{ name: urlValues.sources.url, text: urlValues.values.url }]),
    ...(hostUrl ? [hostUrl] : []),
  ].map(({ name, text }) => {
    const { values, sources, settings, issues } = text === undefined ? { ...noValues, settings: {}, issues: [] } : parseUrls(text, name);
    return { name, values, sources: withoutPrototype({ ...sources, url: name }), settings, issues };
  });
  const contradictions = [...urlDifferences(urls)];
  // The password of one URL must not become that of the server of another.
  const url = (contradictions.length > 0 ? urls.slice(1) : urls).reduce<ParsedValues>(mergeValues, noValues);
  const isOtherTools = (key: Key) => present.some(({ name, variable }) => name === own.sources[key] && variable !== undefined);
  return {
    ...mergeValues(url, own),
    own,
    url,
    settings: withoutPrototype(Object.fromEntries(urls.flatMap(({ settings }) => Object.entries(settings)))),
    issues: [
      ...urlValues.issues,
      ...own.issues,
      ...urls.flatMap(({ issues }) => issues),
      ...urls.flatMap((part) => [...differences(part, own, (key) => part.name === hostUrl?.name || isOtherTools(key))]),
      ...contradictions,
      ...urlPartDifferences(urls),
    ],
  };
}

/** Returns the URL in a value of `host`: `http://host:8123`, or `host:8123`, which says nothing about TLS. */
function urlOfHost({ key, name, value }: RawValue): { readonly name: string; readonly text: string } | undefined {
  if (key !== 'host' || typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^[a-z][a-z+]*:\/\//i.test(text)) return { name, text };
  return /^([^\s:/@,'"{}]+|\[[^\s\]]*\]):\d+$/.test(text) ? { name, text: `clickhouse://${text}` } : undefined;
}

/** Validates the values. Several variables of one key must say the same. */
function readKeys(raw: readonly RawValue[]): ParseResult {
  const duplicates = raw.filter(({ key, name }) => raw.find((value) => value.key === key)?.name !== name);
  const parsed = parseValues(raw.filter((value) => !duplicates.includes(value)));
  const others = duplicates.map((value) => ({ value, result: parseValues([value]) }));
  const issues = others
    .filter(({ value, result }) => !isSameValue(value.key, result, parsed))
    .map(({ value: { key, name } }) => difference(key, name, parsed.sources[key], parsed.sources[key]));
  return { ...parsed, issues: [...parsed.issues, ...issues] };
}

/** Yields an issue for each key that differs from the part of the URL, if the two are not in an order of precedence. */
function* differences(url: ParsedValues, own: ParsedValues, isUnordered: (key: Key) => boolean): Iterable<Issue> {
  for (const key of keyNames) {
    if (url.values[key] === undefined || own.values[key] === undefined || !isUnordered(key)) continue;
    if (!isSameValue(key, url, own)) yield difference(key, String(own.sources[key]), url.sources[key]);
  }
}

/** Two URLs of one source must name the same servers, paths and users. */
function* urlDifferences(urls: readonly ParsedValues[]): Iterable<Issue> {
  const [first, second] = urls;
  if (first?.values.host === undefined || second?.values.host === undefined) return;
  const differ = (key: Key) =>
    difference(key, String(second.sources[key] ?? second.sources.host), first.sources[key] ?? first.sources.host);
  const withoutPath = (parsed: ParsedValues) => omitKeys(parsed, (key) => key === 'pathname');
  if (serversOf(withoutPath(first)).join() !== serversOf(withoutPath(second)).join()) yield differ('host');
  // Without a path in the second URL there is no value whose use would make the problem count, so it counts with the host.
  if (pathsDiffer(first, second)) yield { ...differ('pathname'), key: second.sources.pathname === undefined ? 'host' : 'pathname' };
  if (first.values.username !== undefined && second.values.username !== undefined && !isSameValue('username', first, second))
    yield differ('username');
}

/** Two URLs of one source must say the same in each other part that both have. */
function* urlPartDifferences([first, second]: readonly ParsedValues[]): Iterable<Issue> {
  if (!first || !second) return;
  for (const key of keyNames) {
    if (addressKeys.includes(key) || first.values[key] === undefined || second.values[key] === undefined) continue;
    if (!isSameValue(key, first, second)) yield difference(key, String(second.sources[key]), first.sources[key]);
  }
}

/** A URL without a path leaves it to the other one, unless it has a password or token, which is for its own path. */
function pathsDiffer(first: ParsedValues, second: ParsedValues): boolean {
  const isOpen = ({ values }: ParsedValues) =>
    values.pathname === undefined && values.password === undefined && values.accessToken === undefined;
  const { pathname: path = '/' } = first.values;
  const { pathname: otherPath = '/' } = second.values;
  return path !== otherPath && !isOpen(first) && !isOpen(second);
}

/**
 * The values are not shown, since they may be secrets.
 * @param source the one of the two whose value would be used
 */
function difference(key: Key, name: string, other = 'the other variable', source = name): Issue {
  const found = `another value for ${key} than in ${other}`;
  return { key, source, problem: { key: name, found, expected: 'the same in both, or only one of the two' } };
}
