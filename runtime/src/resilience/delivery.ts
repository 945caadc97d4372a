import type { IncomingMessage } from 'node:http';
import { processWideValue } from '../process/process-wide-value.js';

/** The reports of a connection about the request of one attempt. */
export interface DeliveryReports {
  /** The client has made a request. A second request with the same id makes the bytes uncountable. */
  requestMade(): void;
  /** The request has a connection, which may still be opening. */
  socketAssigned(writtenBytes: () => number): void;
  /** The connection is open, after the handshake if there is one. */
  connected(): void;
  /** The statement may have arrived from here on, without bytes to count: the embedded engine has it. */
  handedOver(): void;
  /** Called with the response when its headers have arrived. */
  readonly onResponse?: ((response: IncomingMessage) => void) | undefined;
}

/**
 * Attempts that are under way, by query id. An entry is never replaced. All copies of this package share them: the client of a statement may
 * come from the factory of another copy.
 */
const deliveries = processWideValue<Map<string, DeliveryReports>>(
  'deliveries@1',
  (value) => value instanceof Map,
  () => new Map(),
);

/** One function for all deliveries, since each statement has one. */
const none = (): number => 0;

/**
 * How far the request of one attempt got: the connection reports to it, and the attempt reads it. If no byte was written to a connection,
 * no server can have received the statement, whatever the error says.
 */
export class Delivery implements DeliveryReports {
  #isMade = false;
  #isConnected = false;
  /** Bytes of the request that were written. Infinity if they cannot be counted. */
  #writtenBytes = none;
  #onConnected: (() => void) | undefined;
  /** Set it before the request is made. */
  onResponse: ((response: IncomingMessage) => void) | undefined;

  constructor(readonly queryId: string) {}

  /** `not-made`: the client made no request. `not-sent`: no byte of it was written. `sent`: a server may have received it. */
  get stage(): 'not-made' | 'not-sent' | 'sent' {
    if (!this.#isMade) return 'not-made';
    return this.#isConnected && this.#writtenBytes() !== 0 ? 'sent' : 'not-sent';
  }

  requestMade(): void {
    if (this.#isMade) this.handedOver();
    this.#isMade = true;
  }

  socketAssigned(writtenBytes: () => number): void {
    if (this.#writtenBytes() === 0) this.#writtenBytes = writtenBytes;
  }

  connected(): void {
    this.#isConnected = true;
    this.#onConnected?.();
    this.#onConnected = undefined;
  }

  handedOver(): void {
    this.#isMade = true;
    this.#writtenBytes = () => Infinity;
    this.connected();
  }

  /** Calls `listener` when the connection is open, or at once if that is not known. */
  whenConnected(listener: () => void): void {
    if (this.#isMade && !this.#isConnected) this.#onConnected = listener;
    else listener();
  }

  /** Ends the observation, once. The stage stays readable. */
  end(): void {
    deliveries().delete(this.queryId);
  }
}

/** Starts the observation of an attempt. Returns undefined if another attempt has the same query id: requests cannot be told apart then. */
export function trackDelivery(queryId: string): Delivery | undefined {
  const other = deliveries().get(queryId);
  if (other) {
    other.handedOver();
    return undefined;
  }
  const delivery = new Delivery(queryId);
  deliveries().set(queryId, delivery);
  return delivery;
}

/** Returns the delivery of the attempt with this query id. Undefined for requests that bypass the manager. */
export function deliveryOf(queryId: string | undefined): DeliveryReports | undefined {
  return queryId === undefined ? undefined : deliveries().get(queryId);
}
