import type { ClickHouseClientConfigOptions } from '@clickhouse/client';

/**
 * Where an option of the official client is configured.
 * - `own`: a key or an option of this package has its place.
 * - `passed`: the key `client` passes it on.
 * - `refused`: there is no such key.
 */
export type OptionPlace =
  | {
      readonly kind: 'own';
      /** The key to write instead, as the end of "expected …". */
      readonly instead: string;
    }
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'refused';
      /** The replacement, as the end of "expected …". */
      readonly instead: string;
    };

const own = (instead: string) => ({ kind: 'own', instead }) as const;
const passed = { kind: 'passed' } as const;
const refused = (instead: string) => ({ kind: 'refused', instead }) as const;

/** Every option of the official client. A new option of a new version fails the type check here. */
export const officialOptions = {
  url: own('"url"'),
  host: own('"url"'),
  pathname: own('"pathname"'),
  username: own('"username"'),
  password: own('"password"'),
  access_token: own('"accessToken"'),
  role: own('"role"'),
  database: own('"database"'),
  application: own('"application"'),
  request_timeout: own('"requestTimeoutMs"'),
  max_open_connections: own('"maxConcurrentStatements"'),
  clickhouse_settings: own('"settings"'),
  tls: own('"secure" for TLS, and "caFile", "certFile" and "keyFile" for its files'),
  tracer: own('the option "tracer" of new ClickHouseConnectionFactory()'),
  additional_headers: own('"client.http_headers"'),
  json: passed,
  log: passed,
  http_headers: passed,
  keep_alive: passed,
  http_agent: passed,
  compression: passed,
  max_response_headers_size: passed,
  use_multipart_params: passed,
  use_multipart_params_auto: passed,
  set_basic_auth_header: passed,
  capture_enhanced_stack_trace: passed,
  session_id: refused('manager.session(): statements that run at the same time cannot share a session'),
  connection: refused('no such option: the embedded engine is the only other backend, without a URL or with "dataPath"'),
  impl: refused('no such option: it replaces the official client itself'),
} as const satisfies Readonly<Record<keyof ClickHouseClientConfigOptions | 'impl', OptionPlace>>;

type OfficialOption = keyof typeof officialOptions;

/** The options that the key `client` passes to the official client. */
export type PassedOption = {
  [Name in OfficialOption]: (typeof officialOptions)[Name]['kind'] extends 'passed' ? Name : never;
}[OfficialOption];

const places: ReadonlyMap<string, OptionPlace> = new Map(Object.entries(officialOptions));

/** Returns the place of an option of the official client, or undefined for another name. */
export function placeOf(name: string): OptionPlace | undefined {
  return places.get(name);
}

/** Describes what to write in place of an official option at the top level. Returns undefined for another name. */
export function insteadOfOfficial(name: string): string | undefined {
  if (name === 'compression') return '"compressRequests" or "compressResponses"; or "client.compression" for a codec';
  const place = placeOf(name);
  return place?.kind === 'passed' ? `"client.${name}"` : place?.instead;
}
