import type { DataFormat } from '@clickhouse/client';
import type { Engine } from '../config/config.js';

/**
 * The features that the ClickHouse behind a service supports. A statement that uses an unsupported feature fails with
 * UnsupportedByBackendError; the feature is never ignored.
 */
export interface BackendCapabilities {
  /** `server`: over HTTP. `embedded`: the engine in this process. `double`: the test double. */
  readonly backend: Engine['kind'] | 'double';
  /** State on the server between statements: `manager.session()` or `session_id`. */
  readonly sessions: boolean;
  /** Another user or role for one statement: `auth`, `role`. */
  readonly identities: boolean;
  /** `true`: an aborted statement stops running. `false`: it runs on, and only its caller stops waiting. */
  readonly cancellation: boolean;
  /**
   * Formats of results. `all`: every format of ClickHouse. Formats of inserts depend on the official client and are the same everywhere.
   */
  readonly formats: 'all' | readonly DataFormat[];
}

/** The capabilities of each engine. */
export const capabilitiesOf: Readonly<Record<Engine['kind'], BackendCapabilities>> = Object.freeze({
  server: Object.freeze({ backend: 'server', sessions: true, identities: true, cancellation: true, formats: 'all' }),
  embedded: Object.freeze({ backend: 'embedded', sessions: false, identities: false, cancellation: true, formats: 'all' }),
});
