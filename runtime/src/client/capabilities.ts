import type { DataFormat } from '@clickhouse/client';
import type { Engine } from '../config/config.js';

/** What a statement may ask of the ClickHouse behind a service. What is not there is refused with an `UnsupportedByBackendError`, and never ignored. */
export interface BackendCapabilities {
  readonly backend: Engine['kind'] | 'double';
  /** State on the server from one statement to the next: `manager.session()`, or `session_id`. */
  readonly sessions: boolean;
  /** Another user or role for a single statement: `auth`, `role`. */
  readonly identities: boolean;
  /** What is aborted stops running; else it is just not waited for. */
  readonly cancellation: boolean;
  /** Of answers. Those of an insert are the official client's affair, and the same everywhere. */
  readonly formats: 'all' | readonly DataFormat[];
}

export const capabilitiesOf: Readonly<Record<Engine['kind'], BackendCapabilities>> = Object.freeze({
  server: Object.freeze({ backend: 'server', sessions: true, identities: true, cancellation: true, formats: 'all' }),
  embedded: Object.freeze({ backend: 'embedded', sessions: false, identities: false, cancellation: true, formats: 'all' }),
});
