import type { ClickHouseSsotError } from '../../errors/index.js';
import type { RejectedRows } from '../batch/store.js';
import { halvesOf, type Part } from './part.js';
import type { PartResult } from './send-part.js';

/** How a batch is delivered. */
export interface DeliveryContext {
  /** Sends a part until ClickHouse has taken or refused it. @throws the reason of a stop */
  readonly send: (part: Part) => Promise<PartResult>;
  /** Sets rows aside. @throws the reason of a stop */
  readonly reject: (rows: RejectedRows) => Promise<void>;
}

/** Maximum number of refused inserts of one batch. After it, a refused part is set aside undivided. */
const maxRefusals = 200;

/**
 * Delivers a batch. A part that ClickHouse refuses is divided, and its halves are sent in their order, until single rows are refused. So good rows
 * arrive, and each row that is set aside was refused.
 * @throws the reason of a stop
 */
export async function deliverBatch(batch: Part, context: DeliveryContext): Promise<void> {
  const parts: Part[] = [batch];
  let refusals = 0;
  for (let part = parts.pop(); part; part = parts.pop()) {
    const result = await context.send(part);
    if (result.kind === 'inserted') continue;
    if (result.because === 'rows') refusals++;
    if (part.rows > 1 && refusals < maxRefusals) {
      const [first, second] = halvesOf(part);
      parts.push(second, first);
    } else await context.reject({ id: part.id, rows: part.rows, bytes: part.bytes, failure: reasonFor(part, result.failure) });
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
