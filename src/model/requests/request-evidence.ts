import type { ts as TS } from 'ts-morph';
import { isConnectionSetting } from '../configuration/setting-names.js';
import type { Origin, OriginSearch } from '../configuration/origin.js';
import { importOf, isImport } from '../environment/module-exports.js';
import { staticTexts } from '../environment/static-texts.js';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import {
  type AddressText,
  isClickHouseHost,
  isCloudHost,
  isInterfaceParameter,
  isOtherInterface,
  isPingStatement,
  searchParameters,
  type StatementKind,
  statementKindOf,
} from './address-texts.js';
import type { RecordEntry } from './record-entries.js';
import { addressesOf, originsAt, serverPlaces, textsOf } from './request-addresses.js';
import type { RequestParts } from './request-parts.js';
import { parametersBehind } from './url-parameters.js';
import { isGiven } from './user-servers.js';

/** Why a request goes to the HTTP interface of ClickHouse. */
export type RequestEvidence =
  /** It sends a header of the interface. */
  | { readonly kind: 'header'; readonly name: string }
  /** Its address comes from the configuration of ClickHouse: a variable, or the options of a client. */
  | { readonly kind: 'configuration'; readonly name: string }
  /** Its address is written in the code. */
  | { readonly kind: 'address'; readonly name: string };

/** A request, as far as the code shows what it does. */
export interface JudgedRequest {
  readonly evidence: RequestEvidence | undefined;
  /** Whether it only asks whether the server answers. */
  readonly isPing: boolean;
  readonly statement: StatementKind | undefined;
  /** The unknown values that decide about the server. */
  readonly unknown: readonly Extract<Origin, { readonly kind: 'unknown' }>[];
  /** Whether the code shows that another server is meant, or the own one. */
  readonly isOther: boolean;
  /** The parameters of the URL that are set one by one, and the forms of the URL. */
  readonly parameters: readonly RecordEntry[];
  readonly forms: readonly string[];
}

/** The inputs of the judgement. */
export interface EvidenceSearch {
  readonly search: OriginSearch;
  /** Whether an origin also reaches the address of a client. */
  readonly isOfClient: (origin: Origin) => boolean;
}

/** Variables that name ClickHouse and mean another program. */
const otherProgram =
  /METRICS|PROMETHEUS|KEEPER|GRAFANA|(?:^|_)MCP(?:_|$)|WEBHOOK|(?:^|_)DOCS?(?:_|$)|DASHBOARD|CONSOLE|(?:^|_)(?:ADMIN|UI|BRIDGE|PROXY|GATEWAY|STATUS|AGENT|OPERATOR|INGEST|SERVICE)(?:_|$)/i;

/** Returns what the code shows about a request. */
export function judgeRequest(parts: RequestParts, inputs: EvidenceSearch): JudgedRequest {
  const { search } = inputs;
  const { modules } = search;
  const server = serverPlaces(parts, modules);
  const places = [...parts.urls, ...parts.hosts, ...parts.ports, ...parts.paths];
  const origins = places.flatMap((place) => originsAt(place, search));
  const deciding = server.places.flatMap((place) => originsAt(place, search));
  const addresses = addressesOf(parts, origins, server.texts, search);
  const unknown = deciding.flatMap((origin) => (origin.kind === 'unknown' ? [origin] : []));
  const entries = [...parts.parameters, ...parametersBehind(parts, modules)];
  const parameters = [
    ...addresses.flatMap(({ search }) => searchParameters(search)),
    ...entries.map(({ name, value }) => [name, (value && staticTexts(value, modules)[0]) ?? ''] as const),
  ];
  const bodies = parts.bodies.flatMap((body) => staticTexts(body, modules));
  const inQuery = parameters.flatMap(([name, value]) => (name === 'query' && value !== '' ? [value] : []));
  const statements = [...inQuery, ...bodies].flatMap((text) => statementKindOf(text) ?? []);
  const isOther = addresses.some(isOtherInterface) || server.isOwnRoute;
  const asksPing = addresses.some(({ path }) => /^\*?\/ping\/?$/.test(path));
  const isPing =
    asksPing ||
    inQuery.some(isPingStatement) ||
    (inQuery.length === 0 && bodies.some(isPingStatement)) ||
    (parts.isPlainGet && parameters.length === 0 && addresses.every(({ path }) => path === '' || path === '/'));
  const signs: Signs = {
    hasParameter: parameters.some(([name]) => isInterfaceParameter(name)),
    hasQuery: parameters.some(([name]) => name === 'query'),
    hasStatement: statements.length > 0,
    hasQueryStatement: inQuery.some((text) => statementKindOf(text) !== undefined),
    asksPing,
  };
  const evidence = isOther ? undefined : evidenceOf({ parts, names: server.names, origins, deciding, addresses, signs }, inputs);
  const forms = origins.flatMap((origin) => (origin.kind === 'composed' ? textsOf(origin, modules) : []));
  return { evidence, isPing, statement: statements[0], unknown, isOther, parameters: entries, forms: [...forms, ...parts.forms] };
}

interface Signs {
  readonly hasParameter: boolean;
  readonly hasQuery: boolean;
  readonly hasStatement: boolean;
  readonly hasQueryStatement: boolean;
  readonly asksPing: boolean;
}

interface Shown {
  readonly parts: RequestParts;
  readonly names: readonly string[];
  readonly origins: readonly Origin[];
  readonly deciding: readonly Origin[];
  readonly addresses: readonly AddressText[];
  readonly signs: Signs;
}

function evidenceOf({ parts, names, origins, deciding, addresses, signs }: Shown, inputs: EvidenceSearch): RequestEvidence | undefined {
  const configured = configurationIn(deciding, inputs) ?? identityIn(origins, signs);
  if (configured !== undefined) return { kind: 'configuration', name: configured };
  // The server of a user: no client has its address.
  if (deciding.some((origin) => origin.kind === 'unknown' && isGiven(origin))) return undefined;
  const header = parts.headers.find(({ name }) => /^x-clickhouse-/i.test(name));
  if (header) return { kind: 'header', name: header.name };
  const named = deciding.map((origin) => settingName(origin, signs)).find((name) => name !== undefined);
  if (named !== undefined) return { kind: 'configuration', name: named };
  const port = addresses.some((address) => address.port === '8123') || isPortAmong(origins);
  if (port) return { kind: 'address', name: '8123' };
  const host = addresses.find((address) => isServerAddress(address, signs))?.host;
  if (host !== undefined) return { kind: 'address', name: host };
  // A constant with an address that names nothing: `const CLICKHOUSE_URL = 'http://10.0.0.7:18123'`.
  const constant = names.find((name) => isConnectionSetting(name) && !otherProgram.test(name));
  const isInterface = signs.hasParameter || signs.hasStatement || signs.asksPing;
  return constant !== undefined && isInterface ? { kind: 'configuration', name: constant } : undefined;
}

function isServerAddress({ host, port, path }: AddressText, { hasParameter, hasQuery, hasStatement, hasQueryStatement }: Signs): boolean {
  if (isCloudHost(host)) return port !== '' || hasQuery || hasParameter || hasStatement;
  // Another server may have the name of ClickHouse in its host: the interface answers at the root.
  if (isClickHouseHost(host)) return port === '8443' || ((hasParameter || hasStatement) && /^\*?\/?\*?$/.test(path));
  return port === '8443' && hasQueryStatement;
}

/** A literal `8123` that is the port by itself. */
function isPortAmong(origins: readonly Origin[]): boolean {
  return origins.some((origin) => (origin.kind === 'number' || origin.kind === 'literal') && origin.node.text === '8123');
}

/** The variable of ClickHouse, or the option of a client, from which the server comes. */
function configurationIn(deciding: readonly Origin[], { isOfClient }: EvidenceSearch): string | undefined {
  for (const origin of deciding) {
    if (origin.kind === 'read' && isConnectionSetting(origin.read.name) && !otherProgram.test(origin.read.name)) return origin.read.name;
    if (isOfClient(origin)) return origin.kind === 'read' ? origin.read.name : '';
  }
  return undefined;
}

/** A user or password of ClickHouse in the query of the URL. */
function identityIn(origins: readonly Origin[], { hasParameter }: Signs): string | undefined {
  const read = origins.find(
    (origin) => origin.kind === 'read' && isConnectionSetting(origin.read.name) && /USER|PASS|PWD|TOKEN|KEY|AUTH/i.test(origin.read.name),
  );
  return read?.kind === 'read' && hasParameter ? read.read.name : undefined;
}

const bindings = /^[A-Z][A-Z\d_]*$/;

/**
 * The name by which a value that the code does not show is a setting of ClickHouse: `env.CLICKHOUSE_URL`, `config.clickhouse.url`. A
 * parameter or variable that is only called `clickhouseUrl` needs a sign of the interface.
 */
function settingName(origin: Origin, { hasParameter, hasStatement, asksPing }: Signs): string | undefined {
  if (origin.kind !== 'unknown') return undefined;
  const { node, path } = origin;
  const root = nameOf(node);
  const type = ts.isParameter(node) ? (node.type?.getText() ?? '') : '';
  const isTyped = path.length > 0 && /^Click_?House\w*(?:Config\w*|Options|Settings|Credentials|Connection\w*)$/i.test(type);
  const name = [isTyped ? type : root, ...path].join('_');
  if (!isConnectionSetting(name) || otherProgram.test(name)) return undefined;
  const shown = [ts.isCallExpression(node) && path.length > 0 ? '' : root, ...path].filter((part) => part !== '').join('.');
  const isSetting = path.length > 0 && (path.some((part) => bindings.test(part)) || isTyped || /conf|env|setting|options|opts/i.test(name));
  return isSetting || hasParameter || hasStatement || asksPing ? shown : undefined;
}

function nameOf(node: TS.Node): string {
  if (ts.isParameter(node)) return staticName(node.name) ?? '';
  if (isImport(node))
    return importOf(node).name === 'default' || importOf(node).name === '*' ? (staticName(node.name) ?? '') : importOf(node).name;
  if (ts.isCallExpression(node)) {
    const callee = unwrap(node.expression);
    const member = memberAccess(callee);
    if (!member) return staticName(callee) ?? '';
    return /^(?:get|getOrThrow|require|load|read)$/.test(member.name ?? '') ? nameOf(unwrap(member.object)) : (member.name ?? '');
  }
  return ts.isExpression(node) ? (staticName(node) ?? memberAccess(node)?.name ?? '') : '';
}
