/** The kind of a text that is an address of a ClickHouse server. `credentials`: it contains a password. */
export type AddressKind = 'address' | 'credentials';

const form = /^([a-z][a-z\d+.-]*):\/\/(?:([^\s/@:]*)(?::([^\s/@]*))?@)?([^\s/:?#@]+)(?::(\d+))?(?:[/?#]\S*)?$/i;

const schemes = /^(?:https?|tcp|clickhouses?|ch)$/i;

/** Ports of the HTTP and native interfaces, with and without TLS. */
const serverPorts = new Set(['8123', '8443', '9000', '9440']);

/** Placeholders for a host. */
const placeholder = /^(?:your|my|example|sample)\b|(?:^|\.)example\.\w+$|[<>{}$]/i;

/** Documentation, the control interface and other services of ClickHouse, its name at other companies, and programs around it. */
const otherHosts =
  /(?:^|\.)clickhouse\.com$|^(?:api|auth|console|docs|queries|status)\.clickhouse\.cloud$|\.(?:zendesk|atlassian|discourse|statuspage|greenhouse|ghost|slack|notion|readthedocs|github|gitlab|githubusercontent)\.\w+$|(?:^|\.)(?:github|gitlab)\.com$|[.-]s3[.-]|(?:^|[.-])(?:grafana|prometheus|keeper|zookeeper|exporter|operator|mcp|docs|metabase|superset|loki|backups?)(?:[.-]|$)|(?:^|\.)(?:ha|hass|home-?assistant)(?:\.|$)/i;

/** Whether a host is none of a ClickHouse server, although it may name ClickHouse. */
export function isOtherHost(host: string): boolean {
  return otherHosts.test(host);
}

const clickHouseHost = /(?:^|[.-])(?:click-?house)(?:[.\d-]|$)/i;

/** Returns whether a text as a whole is the address of a ClickHouse server, by its scheme, port and host. */
export function addressKindOf(text: string): AddressKind | undefined {
  const [, scheme = '', user, password = '', host = '', port] = form.exec(text) ?? [];
  if (!schemes.test(scheme) || placeholder.test(host) || isOtherHost(host)) return undefined;
  const isNamed = /^(?:clickhouses?|ch)$/i.test(scheme) && (port !== undefined || user !== undefined);
  const isServer = clickHouseHost.test(host) && (port === undefined ? /^https?$/i.test(scheme) : serverPorts.has(port));
  if (!isNamed && !isServer && port !== '8123' && !/\.clickhouse\.cloud$/i.test(host)) return undefined;
  return password === '' ? 'address' : 'credentials';
}
