import type { ConfigProblem } from '../errors/index.js';
import { type Key, keyNames, validateInto, type Values } from './options.js';

/** The unvalidated values of one source. */
export type RawValues = Readonly<Partial<Record<Key, unknown>>>;

/** The validated values of one or several sources. */
export interface ParsedValues {
  readonly values: Values;
  /** The source of each key, also of an invalid value: `host` in code, `CLICKHOUSE_HOST`, `CLICKHOUSE_URL`. */
  readonly sources: Readonly<Partial<Record<Key, string>>>;
}

/** Validated values with the problems of the invalid ones. */
export interface ParseResult extends ParsedValues {
  readonly problems: readonly ConfigProblem[];
}

/**
 * Validates the values of one source. An invalid value becomes a problem.
 * @param nameOf returns the name of a key in this source, for problems
 */
export function parseValues(input: RawValues, nameOf: (key: Key) => string): ParseResult {
  const values: Values = {};
  const sources: Partial<Record<Key, string>> = {};
  const problems: ConfigProblem[] = [];
  for (const key of keyNames) {
    const value = input[key];
    if (value === undefined) continue;
    const name = (sources[key] = nameOf(key));
    const result = validateInto(values, key, value);
    if (!result.ok) problems.push({ key: name, found: result.found, expected: result.expected + serviceLinkHint(value, name) });
  }
  return { values, sources, problems };
}

/** Returns the values of both sources. `upper` overrides `lower`. */
export function mergeValues(lower: ParsedValues, upper: ParsedValues): ParsedValues {
  return { values: { ...lower.values, ...upper.values }, sources: { ...lower.sources, ...upper.sources } };
}

/** Returns the values without the keys for which the predicate holds. */
export function omitKeys({ values, sources }: ParsedValues, isOmitted: (key: Key) => boolean): ParsedValues {
  const result = { values: { ...values }, sources: { ...sources } };
  for (const key of keyNames.filter(isOmitted)) for (const part of Object.values(result)) Reflect.deleteProperty(part, key);
  return result;
}

/** Kubernetes sets variables with the addresses of all services in each container. For a service named `clickhouse`, one is CLICKHOUSE_PORT. */
function serviceLinkHint(value: unknown, variable: string): string {
  if (typeof value !== 'string' || !value.startsWith('tcp://')) return '';
  const service = variable
    .replace(/_PORT$/, '')
    .replaceAll('_', '-')
    .toLowerCase();
  return ` (Kubernetes sets this variable for a service named "${service}"; set enableServiceLinks: false)`;
}
