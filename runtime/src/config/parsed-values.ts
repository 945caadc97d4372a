import type { ConfigProblem } from '../errors/index.js';
import { type Key, keyNames, readInto, type Values } from './options.js';

/** What one source gives, by key. */
export type RawValues = Readonly<Partial<Record<Key, unknown>>>;

/** What one source says, or several, one over the other. */
export interface ParsedValues {
  readonly values: Values;
  /** Who said something of each key, rightly or wrongly: `host` in code, `CLICKHOUSE_HOST`, `CLICKHOUSE_URL`. */
  readonly sources: Readonly<Partial<Record<Key, string>>>;
}

export interface ParseResult extends ParsedValues {
  readonly problems: readonly ConfigProblem[];
}

/** Reads all of it: what is not what was expected is a problem, and no value. `nameOf`: what the reader knows a key by. */
export function readGiven(given: RawValues, nameOf: (key: Key) => string): ParseResult {
  const values: Values = {};
  const sources: Partial<Record<Key, string>> = {};
  const problems: ConfigProblem[] = [];
  for (const key of keyNames) {
    const value = given[key];
    if (value === undefined) continue;
    const name = (sources[key] = nameOf(key));
    const reading = readInto(values, key, value);
    if (!reading.ok) problems.push({ key: name, found: reading.found, expected: reading.expected + serviceLink(value, name) });
  }
  return { values, sources, problems };
}

export function mergeValues(lower: ParsedValues, upper: ParsedValues): ParsedValues {
  return { values: { ...lower.values, ...upper.values }, sources: { ...lower.sources, ...upper.sources } };
}

export function omitKeys({ values, sources }: ParsedValues, isForeign: (key: Key) => boolean): ParsedValues {
  const left = { values: { ...values }, sources: { ...sources } };
  for (const key of keyNames.filter(isForeign)) for (const part of Object.values(left)) Reflect.deleteProperty(part, key);
  return left;
}

/** Kubernetes gives each container the addresses of all services, by variables of their names. */
function serviceLink(given: unknown, variable: string): string {
  if (typeof given !== 'string' || !given.startsWith('tcp://')) return '';
  const service = variable
    .replace(/_PORT$/, '')
    .replaceAll('_', '-')
    .toLowerCase();
  return ` (Kubernetes sets it for a service called "${service}": enableServiceLinks: false)`;
}
