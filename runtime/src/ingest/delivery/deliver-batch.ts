import type { ClickHouseSsotError } from '../../errors/index.js';
import type { Batch, RejectedRows } from '../batch/store.js';
import { halvesOf, type Part, partsLeft } from './part.js';
import type { PartResult } from './send-part.js';

/** How a batch is delivered. */
export interface DeliveryContext {
  /** Sends a part until ClickHouse has taken or refused it. @throws the reason of a stop */
  readonly send: (part: Part) => Promise<PartResult>;
  /** Sets rows aside. @throws the reason of a stop */
  readonly reject: (rows: RejectedRows) => Promise<void>;
  /** Records that the part is next, and that all before it are done. @throws the reason of a stop */
  readonly advance: (part: Part) => Promise<void>;
}

/** Maximum number of refused inserts of one batch. After it, a refused part is set aside undivided. */
const maxRefusals = 200;

/**
 * Delivers what is left of a batch. A part that ClickHouse refuses is divided, and its halves are sent in their order, until single rows are
 * refused. So good rows arrive, and each row that is set aside was refused. A division is recorded before a half is sent: if the table accepted
 * the whole later, for example with a new column, the rows of the half would be in it twice.
 * @throws the reason of a stop
 */
export async function deliverBatch(batch: Batch, bytes: Buffer, context: DeliveryContext): Promise<void> {
  const parts = partsLeft(batch, bytes);
  let refusals = 0;
  for (let part = parts.pop(); part; part = parts.pop()) {
    const result = await context.send(part);
    if (result.kind === 'refused') {
      if (result.because === 'rows') refusals++;
      if (part.rows > 1 && refusals < maxRefusals) {
        const [first, second] = halvesOf(part);
        parts.push(second, first);
      } else await context.reject({ id: part.id, rows: part.rows, bytes: part.bytes, failure: reasonFor(part, result.failure) });
    }
    const next = parts.at(-1);
    if (next) await context.advance(next);
  }
}

/** Returns the error, which says so if good rows may be among the rows. */
function reasonFor({ rows }: Part, failure: ClickHouseSsotError): Error {
  if (rows === 1) return failure;
  return new Error(
    `At least one of these ${rows} rows is refused. The batch had ${maxRefusals} refused inserts, so it was not divided further. The last refusal: ${failure.message}`,
    { cause: failure },
  );
}
