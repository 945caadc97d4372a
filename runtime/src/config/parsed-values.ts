import type { ConfigProblem } from '../errors/index.js';
import { type Key, keyNames, validateInto, type Values } from './options.js';
import { withoutPrototype } from './own-properties.js';

/** The validated values of one or several sources. */
export interface ParsedValues {
  readonly values: Values;
  /** The source of each key, also of an invalid value: `host` in code, `CLICKHOUSE_HOST`, `CLICKHOUSE_URL`. */
  readonly sources: Readonly<Partial<Record<Key, string>>>;
}

/** A problem with a value. It does not count if another source takes the place of this value. */
export interface Issue {
  readonly key: Key;
  /** The source whose value would be used. */
  readonly source: string;
  readonly problem: ConfigProblem;
}

/** Validated values with the problems of the invalid ones. */
export interface ParseResult extends ParsedValues {
  readonly issues: readonly Issue[];
}

/** An unvalidated value. */
export interface RawValue {
  readonly key: Key;
  readonly value: unknown;
  /** Name of the value, for problems: `host`, `CLICKHOUSE_HOST`. */
  readonly name: string;
  /** Suffix of the variable, if it is not the own one of the key. */
  readonly variable?: string;
}

export const noValues: ParsedValues = { values: withoutPrototype({}), sources: withoutPrototype({}) };

/** Validates the values of one source. An undefined value is absent, and an invalid one becomes an issue. */
export function parseValues(input: readonly RawValue[]): ParseResult {
  const values: Values = withoutPrototype({});
  const sources: Partial<Record<Key, string>> = withoutPrototype({});
  const issues: Issue[] = [];
  for (const { key, value, name, variable } of input) {
    if (value === undefined) continue;
    sources[key] = name;
    const result = validateInto(values, key, value, variable);
    if (!result.ok)
      issues.push({
        key,
        source: name,
        problem: { key: name, found: result.found, expected: result.expected + serviceLinkHint(value, name) },
      });
  }
  return { values, sources, issues };
}

/** Returns the values of both sources. `upper` overrides `lower`. */
export function mergeValues(lower: ParsedValues, upper: ParsedValues): ParsedValues {
  const below = omitKeys(lower, (key) => upper.sources[key] !== undefined);
  return {
    values: withoutPrototype({ ...below.values, ...upper.values }),
    sources: withoutPrototype({ ...below.sources, ...upper.sources }),
  };
}

/** Returns the values without the keys for which the predicate holds. */
export function omitKeys({ values, sources }: ParsedValues, isOmitted: (key: Key) => boolean): ParsedValues {
  const result = { values: withoutPrototype({ ...values }), sources: withoutPrototype({ ...sources }) };
  for (const key of keyNames.filter(isOmitted)) for (const part of Object.values(result)) Reflect.deleteProperty(part, key);
  return result;
}

/** Whether both sources have the same value for a key. */
export function isSameValue(key: Key, { values: one }: ParsedValues, { values: other }: ParsedValues): boolean {
  return JSON.stringify(one[key]) === JSON.stringify(other[key]);
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
