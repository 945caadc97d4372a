import type { Readable } from 'node:stream';
import type { StatementTerminatedError } from '../errors/interruption.js';
import { whenWritten } from './pipe-destinations.js';
import { destroyBody, type Statement } from './statement.js';

/** Receives the changes of the results that callers have. */
export interface DeliveryListener {
  /** The server has sent the whole body. */
  completed(delivery: ResultDelivery): void;
  /** The caller has all rows, or has closed the result, or it has failed. */
  settled(delivery: ResultDelivery): void;
}

/** The reader of a body: a result set for its caller, or the caller itself. */
export type BodyOwner = 'result set' | 'caller';

/**
 * The delivery of one result to its caller. It lasts longer than the statement: after the end of the body, rows may be buffered in streams
 * that a slow reader has not read yet.
 */
export class ResultDelivery {
  /** The body, and every reader of it, until it ends. */
  #holds = 1;
  #hasReader = false;
  #isComplete = false;
  #isBodyOver = false;
  /** The stream of rows, if the caller reads one. */
  #rows: Readable | undefined;

  constructor(
    readonly statement: Statement,
    private readonly body: Readable,
    private readonly listener: DeliveryListener,
    private readonly owner: BodyOwner,
  ) {
    // The embedded engine returns complete results. A small body may have arrived together with its headers.
    if (statement.facts.endpoint === 'chdb:' || Reflect.get(body, 'complete') === true) {
      this.#complete();
      return;
    }
    const push = body.push.bind(body);
    body.push = (chunk: unknown, encoding?: BufferEncoding) => {
      const isAccepted = push(chunk, encoding);
      if (chunk === null) this.#complete();
      return isAccepted;
    };
  }

  /** The body has ended or is closed. */
  bodyOver(): void {
    if (this.#isBodyOver) return;
    this.#isBodyOver = true;
    this.#release();
  }

  /** Whether the server has sent the whole body. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Whether the caller has not begun to read the result. */
  get isUnread(): boolean {
    return !this.#hasReader && this.body.readableFlowing === null;
  }

  /** Whether the result is complete, without rows, and unread. */
  get isEmpty(): boolean {
    return this.#isComplete && this.isUnread && this.body.readableLength === 0 && this.statement.facts.endpoint !== 'chdb:';
  }

  /** Gives the socket of an empty result back. A caller that reads the body itself may add a listener for its end later. */
  endEmptyBody(): void {
    if (this.owner === 'result set') this.body.read();
  }

  /** Tracks a promise of the whole result. */
  trackPromise<Value>(promise: Promise<Value>): Promise<Value> {
    const release = this.#hold();
    promise.then(release, release);
    return promise;
  }

  /**
   * Tracks a stream that the caller reads, until it has ended, the loops over it have ended, and the streams that it is piped to have
   * written everything.
   */
  trackStream(rows: Readable): void {
    if (rows !== this.body) {
      this.setRows(rows);
      const release = this.#hold();
      rows.once('end', release).once('close', release);
    }
    const iterate = rows[Symbol.asyncIterator].bind(rows);
    const hold = () => this.#hold();
    const value = (): AsyncIterator<unknown> => holdWhileIterating(iterate(), hold);
    Object.defineProperty(rows, Symbol.asyncIterator, { value, configurable: true, writable: true });
    const pipe = rows.pipe.bind(rows);
    rows.pipe = (destination, options) => {
      void whenWritten(rows, destination).then(this.#hold());
      return pipe(destination, options);
    };
  }

  /** Sets the stream of rows that has to fail if the result is terminated. */
  setRows(rows: Readable): void {
    this.#rows = rows;
  }

  /** Fails the readers that have not read everything, and later ones. */
  terminate(by: StatementTerminatedError['by']): void {
    const failure = this.statement.terminateDelivery(by);
    if (this.#rows) destroyBody(this.#rows, failure);
  }

  #hold(): () => void {
    this.#hasReader = true;
    this.#holds++;
    return once(() => this.#release());
  }

  #release(): void {
    if (--this.#holds === 0) this.listener.settled(this);
  }

  #complete(): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.listener.completed(this);
  }
}

/**
 * Returns the iterator, which holds the delivery from its first step until the loop over it has ended. A generator around it would need
 * several more promises for each step.
 */
function holdWhileIterating<Value>(iterator: AsyncIterator<Value>, hold: () => () => void): AsyncIterator<Value> {
  let release: (() => void) | undefined;
  const onStep = ({ done }: IteratorResult<Value>): void => {
    if (done === true) release?.();
  };
  const onEnd = (): void => release?.();
  const [next, stop, fail] = [iterator.next.bind(iterator), iterator.return?.bind(iterator), iterator.throw?.bind(iterator)];
  iterator.next = () => {
    release ??= hold();
    const step = next();
    step.then(onStep, onEnd);
    return step;
  };
  const thenRelease = (last: Promise<IteratorResult<Value>>): Promise<IteratorResult<Value>> => {
    last.then(onEnd, onEnd);
    return last;
  };
  if (stop) iterator.return = (value: unknown) => thenRelease(stop(value));
  if (fail) iterator.throw = (error) => thenRelease(fail(error));
  return iterator;
}

/** Returns a function that runs the given one at its first call. */
function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
