/** The kind of a text that is an address of a ClickHouse server. `credentials`: it contains a password. */
export type AddressKind = 'address' | 'credentials';

const form = /^([a-z][a-z\d+.-]*):\/\/(?:([^\s/@:]*)(?::([^\s/@]*))?@)?([^\s/:?#@]+)(?::(\d+))?(?:[/?#]\S*)?$/i;

const schemes = /^(?:https?|tcp|clickhouses?|ch)$/i;

/** Ports of the HTTP and native interfaces, with and without TLS. */
const serverPorts = new Set(['8123', '8443', '9000', '9440']);

/** Hosts of documentation and of the control interface. */
const otherHosts = /(?:^|\.)clickhouse\.com$|^api\.clickhouse\.cloud$|^(?:your|my|example|sample)\b|(?:^|\.)example\.\w+$|[<>{}$]/i;

const clickHouseHost = /(?:^|[.-])(?:click-?house)(?:[.\d-]|$)/i;

/** Returns whether a text as a whole is the address of a ClickHouse server, by its scheme, port and host. */
export function addressKindOf(text: string): AddressKind | undefined {
  const [, scheme = '', user, password = '', host = '', port] = form.exec(text) ?? [];
  if (!schemes.test(scheme) || otherHosts.test(host)) return undefined;
  const isNamed = /^(?:clickhouses?|ch)$/i.test(scheme) && (port !== undefined || user !== undefined);
  const isServer = clickHouseHost.test(host) && (port === undefined ? /^https?$/i.test(scheme) : serverPorts.has(port));
  if (!isNamed && !isServer && port !== '8123' && !/\.clickhouse\.cloud$/i.test(host)) return undefined;
  return password === '' ? 'address' : 'credentials';
}
