import { TupleParam } from '@clickhouse/client';

/**
 * Returns the query parameters in a form that chDB passes to the engine with the meaning of the text that the official client sends over
 * HTTP. chDB's own form differs: it drops the milliseconds of a date, and rejects infinite and large numbers. The official client does not
 * export its form, so it is repeated here; a test compares both.
 * @throws Error for a value that the official client rejects
 */
export function formatParams(params: Readonly<Record<string, unknown>>): Record<string, string | null> {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, formatParam(value)]));
  } catch (error) {
    if (error instanceof UnsupportedValue) throw new Error(error.message, { cause: error });
    // A getter of the caller, or a value that contains itself.
    throw new Error(`Unsupported value in query parameters: it cannot be read (${String(error)}).`, { cause: error });
  }
}

class UnsupportedValue extends Error {}

/** chDB escapes a text as the engine expects it at the top level, and sends null as `\N`. */
function formatParam(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(Number(value)) : format(value);
}

/** Formats a value inside an array, a tuple or a map. chDB escapes control characters and backslashes; a quote is doubled. */
function formatNested(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return typeof value === 'boolean' ? String(value).toUpperCase() : format(value);
}

function format(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${formatList(value)}]`;
  if (value instanceof Date) return formatDate(value);
  if (value instanceof TupleParam) return `(${formatList(value.values)})`;
  if (value instanceof Map) return formatEntries([...value]);
  if (typeof value === 'object' && value !== null) return formatEntries(Object.entries(value));
  throw new UnsupportedValue(`Unsupported value in query parameters: [${String(value)}].`);
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+inf' : '-inf';
}

/** Returns a Unix timestamp, which is independent of the time zone. */
function formatDate(value: Date): string {
  const seconds = String(Math.floor(value.getTime() / 1_000)).padStart(10, '0');
  const milliseconds = value.getUTCMilliseconds();
  return milliseconds === 0 ? seconds : `${seconds}.${String(milliseconds).padStart(3, '0')}`;
}

function formatList(values: readonly unknown[]): string {
  return values.map(formatNested).join(',');
}

function formatEntries(entries: readonly (readonly [unknown, unknown])[]): string {
  return `{${entries.map(([key, value]) => `${formatNested(key)}:${formatNested(value)}`).join(',')}}`;
}
