import fc from 'fast-check';
import type { ClickHouseConfigInput } from '../../../runtime/src/index.js';

/** A server of the test: a port of the loopback address, with a path behind a proxy or without one (`/`). */
export interface Address {
  readonly port: number;
  readonly pathname: string;
}

/** A URL in a source. */
interface UrlStatement {
  readonly servers: readonly number[];
  readonly user: string | undefined;
  readonly hasPassword: boolean;
}

/** Everything that one source says. */
interface SourceStatement {
  readonly url: UrlStatement | undefined;
  /** The server in the keys of host, port and path, or as a URL in the key of the host. */
  readonly host: { readonly server: number; readonly isUrl: boolean } | undefined;
  readonly user: string | undefined;
  readonly hasPassword: boolean;
}

/** A password with what its author wrote it for. Undefined: whatever server or user the rest of the configuration names. */
export interface Tag {
  readonly password: string;
  readonly servers: readonly number[] | undefined;
  readonly user: string | undefined;
  /** The user of a lower source with another server: whether the password is for that user is open. */
  readonly isUserOpen: boolean;
}

/** The sources of one configuration, and its passwords with the highest precedence first. */
export interface Sources {
  readonly input: ClickHouseConfigInput;
  readonly env: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
}

const user = fc.option(fc.constantFrom('ann', 'bob', 'default'), { nil: undefined });
const server = fc.nat(3);
/** Servers of one URL have one path. The first two servers have none. */
const servers = fc.oneof(
  server.map((index) => [index]),
  fc.constantFrom([0, 1], [1, 0]),
);
const url = fc.record({ servers, user, hasPassword: fc.boolean() });
const statement: fc.Arbitrary<SourceStatement> = fc.record({
  url: fc.option(url, { nil: undefined }),
  host: fc.option(fc.record({ server, isUrl: fc.boolean() }), { nil: undefined, freq: 1 }),
  user,
  hasPassword: fc.boolean(),
});

/** Common variables, the variables of a named connection, and code. The lists give lowest precedence first. */
export function sourcesOn(addresses: readonly Address[]): fc.Arbitrary<Sources> {
  return fc
    .record({ common: statement, named: fc.option(statement, { nil: undefined }), code: statement })
    .map(({ common, named, code }) => {
      const env = {
        ...variablesOf('CLICKHOUSE_', common, 'common', addresses),
        ...(named && variablesOf('CLICKHOUSE_TEAM_', named, 'named', addresses)),
      };
      const connection = named ? { connection: 'team' } : {};
      return {
        env,
        input: { ...connection, ...keysOf(code, 'code', addresses) },
        tags: tagsOf([['common', common], ...(named ? [['named', named] as const] : []), ['code', code]]),
      };
    });
}

const passwordOf = (source: string, place: 'key' | 'url') => `${source}-${place}`;

function keysOf({ url: inUrl, host, user: username, hasPassword }: SourceStatement, source: string, addresses: readonly Address[]) {
  const address = host && addressOf(addresses, host.server);
  const hostKeys = address && {
    host: host.isUrl ? urlOf(address, '') : '127.0.0.1',
    ...(!host.isUrl && { port: address.port, pathname: address.pathname }),
  };
  return {
    ...(inUrl && { url: inUrl.servers.map((index) => urlOf(addressOf(addresses, index), credentialsIn(inUrl, source))).join(',') }),
    ...hostKeys,
    ...(username !== undefined && { username }),
    ...(hasPassword && { password: passwordOf(source, 'key') }),
  };
}

function variablesOf(prefix: string, said: SourceStatement, source: string, addresses: readonly Address[]): Record<string, string> {
  const names = { url: 'URL', host: 'HOST', port: 'PORT', pathname: 'PATHNAME', username: 'USER', password: 'PASSWORD' };
  const values = new Map<string, unknown>(Object.entries(keysOf(said, source, addresses)));
  const set = Object.entries(names).filter(([key]) => values.has(key));
  return Object.fromEntries(set.map(([key, suffix]) => [prefix + suffix, String(values.get(key))]));
}

function addressOf(addresses: readonly Address[], index: number): Address {
  const address = addresses[index];
  if (!address) throw new Error(`There is no server ${index}.`);
  return address;
}

const credentialsIn = ({ user: name = '', hasPassword }: UrlStatement, source: string) =>
  name === '' && !hasPassword ? '' : `${name}:${hasPassword ? passwordOf(source, 'url') : ''}@`;

const urlOf = ({ port, pathname }: Address, credentials: string) =>
  `http://${credentials}127.0.0.1:${port}${pathname === '/' ? '' : `${pathname}/db`}`;

/** Reads the statements as their authors meant them. It shares no code with the implementation. */
function tagsOf(sources: readonly (readonly [name: string, said: SourceStatement])[]): readonly Tag[] {
  return sources
    .flatMap(([name, said], index): Tag[] => {
      const upTo = sources.slice(0, index + 1).map(([, each]) => each);
      const serverAt = upTo.findLastIndex((each) => each.host ?? each.url);
      const userAt = upTo.findLastIndex((each) => (each.user ?? each.url?.user) !== undefined);
      const [serverSource, userSource] = [upTo[serverAt], upTo[userAt]];
      const servers = serverSource?.host ? [serverSource.host.server] : serverSource?.url?.servers;
      const namedUser = userSource?.user ?? userSource?.url?.user;
      const inUrl = said.url?.hasPassword
        ? [
            {
              password: passwordOf(name, 'url'),
              servers: said.url.servers,
              user: said.url.user ?? namedUser ?? 'default',
              isUserOpen: said.url.user === undefined,
            },
          ]
        : [];
      const inKey = said.hasPassword
        ? [{ password: passwordOf(name, 'key'), servers, user: namedUser, isUserOpen: serverAt > userAt || isForeign(userSource) }]
        : [];
      return [...inUrl, ...inKey];
    })
    .reverse();
}

/** Whether the user is that of a URL whose server another key replaces. */
function isForeign(source: SourceStatement | undefined): boolean {
  return source?.user === undefined && source?.host !== undefined;
}
