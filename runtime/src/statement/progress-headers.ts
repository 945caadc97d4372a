type Settings = Readonly<Record<string, unknown>>;

/** The part of a statement that decides whether the server sends progress headers. */
interface WithSettings {
  readonly clickhouse_settings?: Settings;
}

/**
 * Whether the server sends headers before the statement has run. An error is in the body then.
 * @param settings those of the configuration, which the statement overrides
 */
export function sendsProgressHeaders({ clickhouse_settings }: WithSettings, settings: Settings): boolean {
  const value: unknown = clickhouse_settings?.['send_progress_in_http_headers'] ?? settings['send_progress_in_http_headers'];
  // Callers in JavaScript also write `'1'` and `true`, which the client sends as 1.
  return value === 1 || value === '1' || value === true || value === 'true';
}

/** Returns the parameters without progress headers: an insert reports no progress, and the client discards the body with its error. */
export function withoutProgressHeaders<Params extends WithSettings>(params: Params, settings: Settings): Params {
  if (!sendsProgressHeaders(params, settings)) return params;
  return { ...params, clickhouse_settings: { ...params.clickhouse_settings, send_progress_in_http_headers: 0 } };
}
