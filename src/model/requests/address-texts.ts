import { isOtherHost } from '../configuration/addresses.js';
import { unknownPart } from '../environment/static-texts.js';

/** The parts of a URL as far as the code shows them; `*` stands for what it does not show. */
export interface AddressText {
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly search: string;
}

const form = /^(?:[a-z*][a-z\d+.*-]*:)?\/\/(?:[^/@?#]*@)?(\[[^\]]*\]|[^/:?#]*)(?::([\d*]+))?([^?#]*)(\?[^#]*)?/i;

const schemeless = /^([\w.*-]*)(?::([\d*]+))?((?:\/[^?#]*)?)(\?[^#]*)?/;

/** Returns the parts of a text that is a URL, or begins with what the code does not show. */
export function parseAddress(text: string): AddressText {
  const [, host = '', port = '', path = '', search = ''] = form.exec(text) ?? schemeless.exec(text) ?? [];
  return { host, port, path, search };
}

const otherPaths = /^\*?\/(?:metrics$|apis?\/|v\d+\/|graphql\b)/i;

/** The Prometheus endpoint, ClickHouse Keeper, the native and the other protocols. */
const otherPorts = /^(?:9363|9181|9182|9000|9440|9004|9005|9009|3000|9090)$/;

/** Whether the address is known to be no HTTP interface of ClickHouse. */
export function isOtherInterface({ host, port, path }: AddressText): boolean {
  return isOtherHost(host) || otherPorts.test(port) || otherPaths.test(path);
}

/** Whether the text is a path of the own server: `/api/clickhouse/tables`. */
export function isOwnRoute(text: string): boolean {
  return /^\/(?!\/)|^\.{1,2}\//.test(text);
}

const clickHouseHost = /(?:^|[.-])(?:clickhouse|click-house)(?:[.\d-]|$)/i;

/** Whether the host names ClickHouse. */
export function isClickHouseHost(host: string): boolean {
  return clickHouseHost.test(host);
}

/** Whether the host is a service of ClickHouse Cloud. */
export function isCloudHost(host: string): boolean {
  return /\.clickhouse\.cloud$/i.test(host) && !isOtherHost(host);
}

/** The parameters of the HTTP interface that other servers do not have. */
const ownParameters =
  /^(?:default_format|wait_end_of_query|send_progress_in_http_headers|input_format_\w+|output_format_\w+|async_insert|wait_for_async_insert|mutations_sync|max_execution_time|query_id|param_.+)$/;

/** Whether a parameter of a URL belongs to the HTTP interface: the statement, the database or a setting. */
export function isInterfaceParameter(name: string): boolean {
  return name === 'query' || name === 'database' || ownParameters.test(name);
}

/** Returns the names and values in the query part of a URL. */
export function searchParameters(search: string): readonly (readonly [name: string, value: string])[] {
  return search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '' && part !== unknownPart)
    .map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name, decoded(value.join('='))] as const;
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The method of a client for a statement. `query` returns rows. */
export type StatementKind = 'query' | 'insert' | 'command';

/** Returns what an SQL text does; undefined if it is none. */
export function statementKindOf(text: string): StatementKind | undefined {
  const [, keyword = ''] = /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*\(?\s*([a-z]+)\s+[\w*`"'({]/i.exec(text) ?? [];
  // `insert()` of a client sends rows alone.
  if (/^insert$/i.test(keyword)) return /\bselect\b|^\s*insert\s+into\s+function\b/i.test(text) ? 'command' : 'insert';
  if (/^(?:select|with|show|describe|desc|exists|explain)$/i.test(keyword)) return 'query';
  return /^(?:create|alter|drop|truncate|optimize|rename|system|kill|grant|revoke|attach|detach)$/i.test(keyword) ? 'command' : undefined;
}

/** Whether the text is a statement that only asks whether the server answers. */
export function isPingStatement(text: string): boolean {
  return /^\s*select\s+1\s*(?:format\s+\w+\s*)?;?\s*$/i.test(text);
}
