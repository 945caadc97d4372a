import type { ClickHouseSettings } from '@clickhouse/client';

/** The settings that can keep a statement out of `system.query_log`, and whether all its ends are logged with a value. */
const loggingSettings = {
  log_queries: (value: unknown) => value === 'true' || Number(value) === 1,
  log_queries_min_type: (value: unknown) => value === 'QUERY_START' || value === 'QUERY_FINISH',
  log_queries_min_query_duration_ms: (value: unknown) => Number(value) === 0,
  log_queries_probability: (value: unknown) => Number(value) === 1,
} as const;

type LoggingSetting = keyof typeof loggingSettings;

/** Names of the settings that can keep a statement out of the log. */
export const loggingSettingNames: readonly string[] = Object.keys(loggingSettings);

/** Returns those of the settings that can keep a statement out of the log. */
export function loggingSettingsOf(settings: ClickHouseSettings): ClickHouseSettings {
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => value !== undefined && isLoggingSetting(name)));
}

/**
 * Returns whether the server logs each statement with these settings. A setting that the server does not have counts as one that logs all.
 * @param values values by name. Others than those of `loggingSettingNames` are ignored.
 */
export function isAlwaysLogged(values: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(values).every(([name, value]) => value === undefined || !isLoggingSetting(name) || loggingSettings[name](value));
}

function isLoggingSetting(name: string): name is LoggingSetting {
  return Object.hasOwn(loggingSettings, name);
}
