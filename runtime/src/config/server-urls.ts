import type { ParsedValues } from './parsed-values.js';

/** Where ClickHouse listens for HTTP, with TLS and without. */
export function usualPort(secure: boolean): number {
  return secure ? 8443 : 8123;
}

/** The origins of all servers; the first of them is the one that `host` names. */
export function serversOf({ values, sources }: ParsedValues): readonly string[] {
  const { host = '', port, url, secure = false } = values;
  // Whoever names one host beside a URL of several means this one.
  const others = url && sources.url === sources.host ? url.split(',') : [];
  const addresses = [port === undefined ? host : `${host}:${port}`, ...others];
  const origins = addresses.map(
    (address) => `http${secure ? 's' : ''}://${/:\d+$/.test(address) ? address : `${address}:${usualPort(secure)}`}`,
  );
  return [...new Set(origins.map((origin) => origin.toLowerCase()))];
}
