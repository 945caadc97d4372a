import type { Origin, OriginSearch } from '../configuration/origin.js';
import { originsOf } from '../configuration/value-origins.js';
import type { SourceModules } from '../environment/source-modules.js';
import { staticTexts, unknownPart } from '../environment/static-texts.js';
import { type AddressText, isOwnRoute, parseAddress } from './address-texts.js';
import { authorityOf } from './authority.js';
import type { Place, RequestParts } from './request-parts.js';

/** Returns the origins of a place. */
export function originsAt({ expression, path }: Place, search: OriginSearch): readonly Origin[] {
  return originsOf(expression, search, path);
}

/** The parts of a request that name its server. */
export interface ServerPlaces {
  readonly places: readonly Place[];
  /** Texts that begin the URL. */
  readonly texts: readonly string[];
  /** The constants that are the URL, or its beginning. */
  readonly names: readonly string[];
  /** Whether it is a path of the own server. */
  readonly isOwnRoute: boolean;
}

/** Returns what decides about the server: the host of the options, or the beginning of the URL. */
export function serverPlaces({ urls, hosts, ports }: RequestParts, modules: SourceModules): ServerPlaces {
  const [first, ...others] = urls;
  if (!first || hosts.length > 0) return { places: [...hosts, ...urls, ...ports], texts: [], names: [], isOwnRoute: false };
  if (first.path.length > 0) return { places: [first], texts: [], names: [], isOwnRoute: false };
  const { texts, expressions, names } = authorityOf(first.expression, modules);
  return {
    places: expressions.map((expression) => ({ expression, path: [] })),
    texts,
    names,
    isOwnRoute: others.length === 0 && expressions.length === 0 && texts.length > 0 && texts.every(isOwnRoute),
  };
}

/** Returns the addresses that the texts of a URL and its options make. `begins` are texts that begin the URL. */
export function addressesOf(
  { forms, hosts, ports, paths }: RequestParts,
  origins: readonly Origin[],
  begins: readonly string[],
  search: OriginSearch,
): readonly AddressText[] {
  const textsAt = (places: readonly Place[]): string[] =>
    places.flatMap((place) => originsAt(place, search).flatMap((origin) => textsOf(origin, search.modules)));
  const addresses = [...new Set([...begins, ...forms, ...origins.flatMap((origin) => textsOf(origin, search.modules))])]
    .filter((text) => text.includes('//') || /[/?:*]/.test(text))
    .map(parseAddress);
  const [port = ''] = textsAt(ports);
  const [path = ''] = textsAt(paths);
  const named = textsAt(hosts).map((host) => parseAddress(`//${host}${port === '' || host.includes(':') ? '' : `:${port}`}${path}`));
  return named.length > 0 || path === '' ? [...addresses, ...named] : [...addresses, parseAddress(`//${unknownPart}${path}`)];
}

/** Returns the texts of an origin, with `*` for parts that the code does not show. */
export function textsOf(origin: Origin, modules: SourceModules): readonly string[] {
  if (origin.kind === 'number') return [origin.node.text];
  return origin.kind === 'literal' || origin.kind === 'composed' ? staticTexts(origin.node, modules) : [];
}
