import type { ClickHouseSsotError } from '../../errors/index.js';
import type { Progress, UnansweredInserts } from '../batch/progress.js';
import type { Batch, RejectedRows } from '../batch/store.js';
import { isTooLargeForProxy } from './classify-failure.js';
import { halvesOf, type Part, partsLeft } from './part.js';
import type { RefusalStreak } from './refusal-streak.js';
import type { PartResult } from './send-part.js';
import { hasStoredNothing } from './stored-nothing.js';

/** How a batch is delivered. */
export interface DeliveryContext {
  /**
   * Sends a part until ClickHouse has taken or refused it.
   * @param first the first part that is not done: an earlier one, if refused rows are held back
   * @param later unanswered inserts of parts behind it
   * @throws the reason of a stop
   */
  readonly send: (part: Part, first: Part, later: UnansweredInserts | undefined) => Promise<PartResult>;
  /** Sets rows aside. @throws the reason of a stop */
  readonly reject: (rows: RejectedRows) => Promise<void>;
  /** Records that a part is next, that all before it are done, and which inserts of those that are left have no answer. @throws the reason of a stop */
  readonly advance: (progress: Progress) => Promise<void>;
  /** Reports that all rows are refused, and waits. @param attempt 1 or more @throws the reason of a stop */
  readonly stall: (rows: number, failure: ClickHouseSsotError, attempt: number) => Promise<void>;
  /** Called before rows are sent again that may be in the table. */
  readonly onRepeat: (rows: number) => void;
  /** The refusals of earlier batches. */
  readonly streak: RefusalStreak;
}

type Refusal = Extract<PartResult, { kind: 'refused' }> & { readonly part: Part };

/** Maximum number of refused inserts of one batch. After it, a refused part is set aside undivided. */
const maxRefusals = 200;
/** A proxy that refuses a smaller part for its size refuses all parts. In bytes. */
const minProxyLimit = 1_024;

/**
 * Delivers what is left of a batch. A part that ClickHouse refuses is divided, and its halves are sent in their order, until single rows are
 * refused. So good rows arrive, and each row that is set aside was refused. A division is recorded before a half is sent: if the table accepted
 * the whole later, for example with a new column, the rows of the half would be in it twice.
 *
 * While no row is accepted, refused rows are held back: the table may refuse all rows. If it seems to, these parts are sent again after a
 * pause, and not the whole, since it was divided.
 * @throws the reason of a stop
 */
export async function deliverBatch(batch: Batch, bytes: Buffer, context: DeliveryContext): Promise<void> {
  const { streak } = context;
  const parts = partsLeft(batch, bytes);
  const heldBack: Refusal[] = [];
  let [refusals, stalls, isPartlyInserted] = [0, 0, false];
  const setAside = async (): Promise<void> => {
    for (const { part, failure } of heldBack.splice(0))
      await context.reject({ id: part.id, rows: part.rows, bytes: part.bytes, failure: reasonFor(part, failure) });
  };
  /** A refused insert may leave rows: a view refuses them after the table has them. The halves have other tokens. */
  const countRepeat = ({ part, failure }: Refusal): void => {
    if (!hasStoredNothing(failure)) context.onRepeat(part.rows);
  };
  const sendAgain = async ({ part, failure }: Refusal): Promise<void> => {
    for (const held of heldBack.splice(0).reverse()) {
      countRepeat(held);
      parts.push({ ...held.part, unanswered: undefined });
    }
    // The division begins anew once the reason is mended.
    refusals = 0;
    await context.stall(part.rows, failure, ++stalls);
  };
  const handleRefusal = async (refusal: Refusal): Promise<void> => {
    const { part, because, failure } = refusal;
    if (because === 'rows') refusals++;
    const isTiny = isTooLargeForProxy(failure) && part.bytes.length < minProxyLimit;
    if (!isTiny && part.rows > 1 && refusals < maxRefusals) {
      countRepeat(refusal);
      const [first, second] = halvesOf(part);
      parts.push(second, first);
      return;
    }
    heldBack.push(refusal);
    const blame = isTiny ? 'everything' : isPartlyInserted ? 'rows' : streak.add(failure);
    if (blame === 'rows') await setAside();
    else if (blame === 'everything') await sendAgain(refusal);
  };
  for (let part = parts.pop(); part; part = parts.pop()) {
    // The last one is first in the list.
    const unanswered = parts.find((left) => left.unanswered)?.unanswered;
    const result = await context.send(part, heldBack[0]?.part ?? part, unanswered);
    if (result.kind === 'refused') await handleRefusal({ ...result, part });
    else {
      [stalls, isPartlyInserted] = [0, true];
      streak.end();
      await setAside();
    }
    const next = heldBack[0]?.part ?? parts.at(-1);
    if (next) await context.advance({ path: next.path, unanswered });
  }
  await setAside();
}

/** Returns the error, which says so if good rows may be among the rows. */
function reasonFor({ rows }: Part, failure: ClickHouseSsotError): Error {
  if (rows === 1) return failure;
  return new Error(
    `At least one of these ${rows} rows is refused. The batch had ${maxRefusals} refused inserts, so it was not divided further. The last refusal: ${failure.message}`,
    { cause: failure },
  );
}
