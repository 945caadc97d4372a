import type { ParsedValues } from './parsed-values.js';

/** Returns the default HTTP port of ClickHouse: 8443 with TLS, 8123 without. */
export function defaultPort(secure: boolean): number {
  return secure ? 8443 : 8123;
}

/** Returns the origins of all servers, without duplicates. The first one is the server of `host`. Empty without a host. */
export function originsOf({ values, sources }: ParsedValues): readonly string[] {
  const { host, port, url, secure = false } = values;
  if (host === undefined) return [];
  // If `host` comes from another source than a URL with several servers, it selects one server.
  const others = url && sources.url === sources.host ? url.split(',') : [];
  const addresses = [port === undefined ? host : `${host}:${port}`, ...others];
  const origins = addresses.map(
    (address) => `http${secure ? 's' : ''}://${/:\d+$/.test(address) ? address : `${address}:${defaultPort(secure)}`}`,
  );
  return [...new Set(origins.map((origin) => origin.toLowerCase()))];
}

/** Returns each server with its path, for comparisons. */
export function serversOf(parsed: ParsedValues): readonly string[] {
  const { pathname = '/' } = parsed.values;
  return originsOf(parsed).map((origin) => origin + pathname);
}
