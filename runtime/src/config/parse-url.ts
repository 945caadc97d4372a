import { type Key, keyNames } from './options.js';
import { withoutPrototype } from './own-properties.js';
import { type Issue, isSameValue, mergeValues, noValues, parseValues } from './parsed-values.js';
import { describeShape, findTextFault } from './text-shape.js';
import { readParameters, type UrlParameters } from './url-parameters.js';

const schemes = ['http', 'https', 'clickhouse'];
const urlFormat = 'https://user:password@host:8443/database, with # / ? @ % in a password written as %23 %2F %3F %40 %25';

/** The result of a text that is no URL. */
const nothing: UrlParameters = { ...noValues, settings: withoutPrototype({}), issues: [] };

/**
 * Parses the URLs of one or several servers, separated by commas. Servers may differ only in host and port. The first URL has all other
 * parts; the others may repeat them.
 * @param source name of the URL in problems, such as `CLICKHOUSE_URL`
 * @returns the parts of the first URL; `values.url` holds the addresses of the other servers
 */
export function parseUrls(text: string, source: string): UrlParameters {
  const fault = findTextFault(text);
  if (fault) return { ...nothing, issues: [issueWith('url', source, fault.found, fault.expected)] };
  const [first = nothing, ...others] = text.split(/,(?=\s*[a-z]+:\/\/)/i).map((part) => parseUrl(part.trim(), source));
  const isEqual = (other: UrlParameters) => differences(first, other).length === 0;
  const issues = [
    ...[first, ...others].flatMap((result) => result.issues),
    ...others
      .flatMap((other) => differences(first, other))
      .map((part) => issueWith('url', source, `servers that differ in ${part}`, equalParts)),
  ];
  // The credentials of the first URL are for no server that has others.
  const addresses = others.filter(isEqual).map(({ values }) => [values.host, values.port].filter((part) => part !== undefined).join(':'));
  return {
    values: withoutPrototype({ ...first.values, url: addresses.join(',') }),
    sources: first.sources,
    settings: first.settings,
    issues,
  };
}

const equalParts = 'servers that differ only in host and port; use a named connection for each other server';

/** Returns the parts that the other URL says differently. */
function differences(first: UrlParameters, other: UrlParameters): readonly string[] {
  const isOther = (key: Key) => key !== 'host' && key !== 'port' && other.values[key] !== undefined && !isSameValue(key, other, first);
  const hasOtherSettings = Object.entries(other.settings).some(([name, value]) => first.settings[name] !== value);
  return [...keyNames.filter(isOther), ...(hasOtherSettings ? ['settings'] : [])];
}

/** Parses `https://user:password@host:8443/database`, `https://proxy/pathname/database` and `clickhouse://host/database?secure=1`. */
function parseUrl(text: string, source: string): UrlParameters {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const authority = /:\/\/([^/?#]*)/.exec(text)?.[1];
  const invalid = (found: string, expected = urlFormat): UrlParameters => ({
    ...nothing,
    issues: [issueWith('url', source, found, expected)],
  });
  if (!url || authority === undefined || authority === '' || /,[^@]*$/.test(authority)) return invalid(...describeInvalid(text, authority));
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return invalid(`the scheme "${scheme}"`, `one of ${schemes.join(', ')}`);
  // Such a text parses as a URL with one half of the password as host and the other half as path. No part of it may be used or shown.
  if (url.hash !== '' || (url.pathname + url.search).includes('@'))
    return invalid('a fragment, or an unescaped # / ? in the user or password');

  const query = readParameters(url.searchParams, source);
  const segments = url.pathname.split('/').filter(Boolean);
  // The last segment is the database, as for the official client. Those before it are the path behind a proxy.
  const pathname = segments.length > 1 ? `/${segments.slice(0, -1).join('/')}` : undefined;
  const fromUrl = (key: Key, value: unknown) => ({ key, value, name: source });
  const parts = parseValues([
    fromUrl('host', url.hostname),
    // From the text: the parsed URL omits the default port of its scheme, which is not ClickHouse's default port.
    fromUrl('port', /:(\d+)$/.exec(authority)?.[1]),
    fromUrl('pathname', pathname),
    fromUrl('secure', scheme === 'clickhouse' ? undefined : scheme === 'https'),
    fromUrl('username', decode(url.username)),
    fromUrl('password', decode(url.password)),
    fromUrl('database', decode(segments.at(-1) ?? '')),
  ]);
  const { values, sources } = mergeValues(parts, query);
  const issues = [...parts.issues, ...query.issues];
  if (pathname !== undefined && query.values.pathname !== undefined && !isSameValue('pathname', parts, query))
    issues.push(issueWith('pathname', source, `the path ${pathname} and the parameter "pathname"`, 'only one of the two'));
  if (scheme !== 'clickhouse' && values.secure !== undefined && values.secure !== (scheme === 'https'))
    issues.push(issueWith('secure', source, `secure=${String(values.secure)} with ${scheme}://`, 'a scheme and a flag that agree'));
  return { values, sources, settings: query.settings, issues };
}

/** Returns what was found and what to write instead, without any part of the text. */
function describeInvalid(text: string, authority: string | undefined): [found: string, expected?: string] {
  if (authority === undefined) {
    const shape = describeShape(text);
    return [shape === 'a text of another form' || shape.startsWith('text with') ? 'text without http:// or https://' : shape];
  }
  const hosts = authority.slice(authority.lastIndexOf('@') + 1);
  if (hosts.includes(',')) return ['several hosts in one URL', 'a whole URL for each server, separated by commas'];
  if (hosts === '') return ['a URL without a host'];
  const [host, port] = [hosts.replace(/:[^:\]]*$/, ''), /:([^:\]]*)$/.exec(hosts)?.[1]];
  return [
    port !== undefined && URL.canParse(`http://${host}`)
      ? 'a URL whose port is not a number up to 65,535'
      : 'a URL whose host is not valid',
  ];
}

const issueWith = (key: Key, source: string, found: string, expected: string): Issue => ({
  key,
  source,
  problem: { key: source, found, expected },
});

/** Decodes percent-encoding. Returns undefined for an empty text, and an invalid text unchanged. */
function decode(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
