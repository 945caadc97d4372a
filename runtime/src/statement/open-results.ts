import type { StatementTerminatedError } from '../errors/interruption.js';
import type { Readable } from 'node:stream';
import { type BodyOwner, type DeliveryListener, ResultDelivery } from './result-delivery.js';
import type { Statement } from './statement.js';

/** The results that callers have and have not read to their end. A drain waits for their readers. */
export class OpenResults implements DeliveryListener {
  readonly #open = new Set<ResultDelivery>();
  #isDraining = false;
  #listeners: (() => void)[] = [];

  /** Registers a result until its caller has all rows. */
  add(statement: Statement, body: Readable, owner: BodyOwner): ResultDelivery {
    const delivery = new ResultDelivery(statement, body, this, owner);
    this.#open.add(delivery);
    return delivery;
  }

  /** The results whose callers have begun to read them. */
  get inReading(): readonly ResultDelivery[] {
    return [...this.#open].filter(({ isUnread }) => !isUnread);
  }

  /**
   * From this call on, a result that is complete and unread holds no permit: no server works on it, and its caller may never read it. The caller
   * may still read it until `terminate`.
   */
  startDrain(): void {
    this.#isDraining = true;
    for (const delivery of this.#open) this.completed(delivery);
  }

  /** Resolves when each result that a caller has begun to read is read. */
  async whenRead(): Promise<void> {
    while (this.inReading.length > 0) await new Promise<void>((resolve) => this.#listeners.push(resolve));
  }

  /** Fails the readers of all results, also later ones. */
  terminate(by: StatementTerminatedError['by']): void {
    for (const delivery of this.#open) delivery.terminate(by);
  }

  completed(delivery: ResultDelivery): void {
    const { isEmpty } = delivery;
    if (isEmpty || (this.#isDraining && delivery.isComplete && delivery.isUnread)) delivery.statement.end(true);
    if (isEmpty) delivery.endEmptyBody();
  }

  settled(delivery: ResultDelivery): void {
    this.#open.delete(delivery);
    if (this.#listeners.length > 0) for (const resolve of this.#listeners.splice(0)) resolve();
  }
}
