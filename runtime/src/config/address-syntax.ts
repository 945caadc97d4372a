/** Returns the host as a URL has it: lower case, an IPv6 address in brackets. Undefined if no URL can have this host. */
export function hostnameOf(host: string): string | undefined {
  const address = isIPv6(host) ? `[${host}]` : host;
  if (/[\s/@?#%\\\p{Cf}]|^[^[]*:/u.test(address) || !URL.canParse(`http://${address}`)) return undefined;
  const { hostname } = new URL(`http://${address}`);
  return hostname.startsWith('[') || isDnsName(hostname) ? hostname : undefined;
}

function isIPv6(host: string): boolean {
  return /^[\da-f:.]*:[\da-f:.]*$/i.test(host) && URL.canParse(`http://[${host}]`);
}

/** A URL may have a host that no DNS server can be asked for, such as one with quotes. Docker has names with underscores. */
function isDnsName(hostname: string): boolean {
  return hostname.length <= 254 && /^[\w-]{1,63}(\.[\w-]{1,63})*\.?$/.test(hostname);
}

/** Returns the path as a URL has it, `/` for an empty one, without a slash at its end. Undefined if it is not the path of a URL. */
export function normalPathname(path: string): string | undefined {
  if (/[\s?#\\]/.test(path)) return undefined;
  const normal = `/${path.split('/').filter(Boolean).join('/')}`;
  const { pathname } = new URL(`http://host${normal}`);
  return pathname.split('/').length === normal.split('/').length ? pathname : undefined;
}
