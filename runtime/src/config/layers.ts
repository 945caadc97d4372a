import { includesAll, type ScopedLayer, withoutCredentials } from './credential-scope.js';
import type { Key } from './options.js';
import { mergeValues, noValues, omitKeys, type ParsedValues } from './parsed-values.js';
import type { Layer } from './read-layer.js';
import { serversOf } from './server-address.js';

const clientCertificate: readonly Key[] = ['certFile', 'keyFile'];
const locationKeys: readonly Key[] = ['url', 'host', 'port', 'pathname', 'secure', 'database', 'dataPath', 'caFile', ...clientCertificate];

/** A URL names the whole address, the default port and path included. Only `clickhouse://` leaves TLS to another source. */
const addressKeys: readonly Key[] = ['host', 'port', 'pathname'];

/** Whether the source takes the place of a value of the sources below it. */
export function covers({ sources }: ParsedValues, key: Key): boolean {
  if (key === 'url' && sources.host !== undefined) return true;
  return sources[key] !== undefined || (sources.url !== undefined && addressKeys.includes(key));
}

/**
 * Returns the values of all sources without the credentials.
 * @param layers lowest precedence first
 * @param isNamed whether the lowest source has the common variables of a named connection
 */
export function mergeLayers(layers: readonly Layer[], isNamed: boolean): ParsedValues {
  return layers.reduceRight<ParsedValues>((upper, layer, level) => mergeBelow(layer, upper, isNamed && level === 0), noValues);
}

/** Merges a source below others. If those name another server, they inherit no part of its URL; a named connection no part of its location. */
function mergeBelow(layer: Layer, upper: ParsedValues, isCommon: boolean): ParsedValues {
  const withUrl = merge(withoutCredentials(layer), upper);
  const namesServer = upper.sources.host !== undefined || upper.sources.url !== undefined;
  const isSameServer = (named: ParsedValues) => includesAll(serversOf(named), serversOf(withUrl));
  if (isCommon && upper.sources.dataPath !== undefined && !namesServer) return merge(omitLocation(layer, locationKeys), upper);
  if (isCommon && !isSameServer(layer)) return merge(omitLocation(layer, namesServer ? locationKeys : clientCertificate), upper);
  const hasForeignUrl = namesServer && layer.sources.url !== undefined && !isSameServer(layer.url);
  return hasForeignUrl ? merge(withoutCredentials(layer.own), upper) : withUrl;
}

const omitLocation = (layer: Layer, keys: readonly Key[]) => omitKeys(withoutCredentials(layer), (key) => keys.includes(key));

function merge(lower: ParsedValues, upper: ParsedValues): ParsedValues {
  const isOmitted = (key: Key) => key !== 'url' && covers(upper, key);
  return mergeValues(omitKeys(lower, isOmitted), upper);
}

/** Returns each source with the servers that it names together with the sources below it. */
export function scopesOf(layers: readonly Layer[], isNamed: boolean): ScopedLayer[] {
  return layers.map((layer, level) => {
    const named = mergeLayers(layers.slice(0, level + 1), isNamed);
    const isUnnamed = named.sources.host === undefined && named.sources.url === undefined;
    const rest = omitKeys(named, (key) => !['port', 'pathname', 'secure'].includes(key));
    return { layer, servers: isUnnamed ? undefined : serversNamedBy(named), urlServers: serversNamedBy(mergeValues(rest, layer.url)) };
  });
}

/** Returns the servers that the values name. Values that do not say whether the server has TLS mean either: `clickhouse://host`, or a host alone. */
function serversNamedBy({ values, sources }: ParsedValues): readonly string[] {
  const servers = serversOf({ values, sources });
  return sources.secure === undefined ? [...servers, ...serversOf({ values: { ...values, secure: true }, sources })] : servers;
}
