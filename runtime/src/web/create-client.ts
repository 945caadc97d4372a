import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client-web';
import type { WebConfig } from './config.js';

/** The only place that constructs clients of `@clickhouse/client-web`. A client has no connection of its own: each request is a `fetch`. */
export function createWebClient({ engine, ...config }: WebConfig, url: string, send: typeof fetch): ClickHouseClient {
  const { pathname, role, username, password, accessToken, compressResponses } = engine;
  return createClient({
    // The errors of this package report each failure.
    log: { level: ClickHouseLogLevel.OFF },
    ...config.client,
    url,
    database: config.database,
    ...(accessToken ? { access_token: accessToken.reveal() } : { username, password: password.reveal() }),
    ...(pathname !== undefined && { pathname }),
    ...(role && { role: [...role] }),
    request_timeout: config.requestTimeoutMs,
    clickhouse_settings: Object.fromEntries(settingValues(config.settings)),
    compression: { request: false, response: compressResponses },
    // `keepalive` of `fetch` is no connection reuse: it lets a request outlive its page, and limits the body to 64 KiB.
    keep_alive: { enabled: false },
    fetch: send,
  });
}

/** Yields the values as the client would send them. An object is a `SettingsMap`, whose text is its value. */
function* settingValues(settings: WebConfig['settings']): Iterable<readonly [string, string | number | boolean]> {
  for (const [name, value] of Object.entries(settings))
    if (value !== undefined) yield [name, typeof value === 'object' ? value.toString() : value];
}
