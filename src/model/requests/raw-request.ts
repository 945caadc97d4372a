import type { Span } from '../../findings/finding.js';
import type { StatementKind } from './address-texts.js';
import type { RequestEvidence } from './request-evidence.js';

/** A place that talks to the HTTP interface of ClickHouse without a client. */
export interface RawRequest {
  /** The callee of the HTTP call, or of the function that gets the URL. */
  readonly span: Span;
  /** The callee as the code writes it: `fetch`, `axios.post`. */
  readonly call: string;
  readonly evidence: RequestEvidence;
  /** Whether the request only asks whether the server answers. */
  readonly isPing: boolean;
  /** Undefined if the code does not show the statement. */
  readonly statement: StatementKind | undefined;
  /** The modules that make the clients of the same program. */
  readonly clients: readonly string[];
}
