import type { ClickHouseClient, DataFormat, ExecParams, InsertParams, InsertResult } from '@clickhouse/client';
import { Readable } from 'node:stream';
import { ValuesBody } from '../client/values-body.js';
import { parseFailure, TimeoutError } from '../errors/index.js';
import { isError } from '../errors/is-error.js';
import type { Delivery } from '../resilience/delivery.js';
import { CallerStream } from './caller-stream.js';

/** Rows or bytes that a function returns: a stream, or an iterable such as a generator or an array. */
export type ValuesSource<Value = unknown> = Readable | AsyncIterable<Value> | Iterable<Value>;

/**
 * Returns a new source of the same values with each call. It is called once for each attempt, when the connection is open. An error that it
 * throws fails the statement with InvalidArgumentError: nothing was sent.
 */
export type ValuesFactory<Value = unknown> = () => ValuesSource<Value> | Promise<ValuesSource<Value>>;

/** The values of an insert: those of the official client, an async iterable, or a function that returns a source. */
export type ServiceInsertValues<Row> = InsertParams<Readable, Row>['values'] | AsyncIterable<Row> | ValuesFactory<Row>;

/** The parameters of `insert()`: those of the official client, with more kinds of `values`. */
export type ServiceInsertParams<Row> = Omit<InsertParams<Readable, Row>, 'values'> & {
  /**
   * The rows: an array, an object, a stream, an async iterable, or a function that returns a stream or an iterable. A stream is read once,
   * so after its first chunk there is no further attempt. A function is called again for each attempt.
   */
  readonly values: ServiceInsertValues<Row>;
};

/** The parameters of `exec()` with a body: those of the official client, with more kinds of `values`. */
export type ServiceExecParams = ExecParams & {
  /** The body, serialized in the format of the query: a stream, an async iterable, or a function that returns a stream or an iterable. */
  readonly values: Readable | AsyncIterable<string | Uint8Array> | ValuesFactory<string | Uint8Array>;
};

/** The methods of the service whose parameters have a body. */
export interface BodyMethods {
  /** Inserts rows. Differs from the official client in the kinds of `values`. */
  insert<Row>(params: ServiceInsertParams<Row>): Promise<InsertResult>;
  /** Runs a statement and returns the stream of its result. Differs from the official client in the kinds of `values`. */
  exec(params: ExecParams | ServiceExecParams): ReturnType<ClickHouseClient['exec']>;
}

/** The values of one statement that do not exist as a whole: they come from a stream, an iterable or a function. */
export class StreamedValues {
  /** The stream of the latest attempt. */
  #current: CallerStream | undefined;
  #failure: Error | undefined;
  #isOpening = false;
  #isBroken = false;

  private constructor(
    private readonly format: DataFormat | undefined,
    /** Whether the body consists of rows or texts, and not of bytes only. */
    private readonly hasRows: boolean,
    private readonly given: CallerStream | undefined,
    private readonly make: (() => unknown) | undefined,
  ) {
    this.#current = given;
  }

  /** @param format of the rows of an insert. Undefined for the body of `exec()`, which takes both text and bytes. */
  static of(values: Readable | AsyncIterable<unknown> | (() => unknown), format: DataFormat | undefined): StreamedValues {
    const hasRows = format === undefined || format.startsWith('JSON');
    if (typeof values === 'function') return new StreamedValues(format, hasRows, undefined, values);
    // The client checks the mode of the stream, so the body has the same one.
    return isStream(values)
      ? new StreamedValues(format, values.readableObjectMode, new CallerStream(values), undefined)
      : new StreamedValues(format, hasRows, new CallerStream(readableFrom(values, hasRows)), undefined);
  }

  /** Whether values were taken that cannot be taken again. */
  get isSpent(): boolean {
    return this.given?.isRead === true || this.given?.failure !== undefined;
  }

  /** Returns the body of one attempt. It reads nothing until the connection is open. @throws the failure of the stream, if it has failed */
  open(delivery: Delivery | undefined): ValuesBody {
    if (this.given?.failure) throw this.given.failure;
    this.#failure = undefined;
    let stream: CallerStream | undefined;
    let isStarted = false;
    const start = (): void => {
      if (this.given) (stream = this.given).read(body);
      else
        void this.#makeStream().then(
          (made) => {
            stream = this.#current = made;
            if (body.destroyed) made.destroy(body.errored);
            else made.read(body);
          },
          (error: unknown) => body.destroy((this.#failure = toError(error))),
        );
    };
    const body: ValuesBody = new ValuesBody(
      {
        read: () => {
          if (stream) return stream.read(body);
          if (isStarted) return;
          isStarted = true;
          if (delivery) delivery.whenConnected(start);
          else start();
        },
        release: (_, error) => {
          this.#isBroken ||= !body.readableEnded;
          stream?.release(body, error);
          // A stream of this statement's own has no other user.
          if (this.make) stream?.destroy(error);
        },
      },
      this.hasRows,
    );
    return this.format === undefined ? body.encodeBy(assertChunk) : body;
  }

  /**
   * Returns the error of the caller's stream if it failed before the connection did, or if the request timed out while the connection
   * waited for it. Undefined if the server or the network failed.
   */
  failureBehind(error: unknown): Error | undefined {
    const failure = this.#failure ?? this.#current?.failure;
    if (failure || !(this.#isOpening || this.#current?.isAwaited) || !(parseFailure(error) instanceof TimeoutError)) return failure;
    return new Error('The stream of the values delivered nothing within the request timeout.', { cause: error });
  }

  /** The statement has failed for good. Like the official client, destroys a stream that was in a request, and leaves others alone. */
  abandon(error: unknown): void {
    if (!this.given) return;
    if (this.#isBroken || this.given.isRead) this.given.destroy(toError(error));
    else this.given.detach();
  }

  async #makeStream(): Promise<CallerStream> {
    this.#isOpening = true;
    try {
      const source: unknown = await this.make?.();
      if (!isStream(source) && !isAsyncIterable(source) && !isIterable(source))
        throw new TypeError(`The function "values" returned ${describe(source)}, expected a stream or an iterable.`);
      if (!isStream(source)) return new CallerStream(Readable.from(source, { objectMode: this.hasRows }));
      if (this.format !== undefined && source.readableObjectMode !== this.hasRows)
        throw new TypeError(
          `The function "values" returned a stream with object mode ${this.hasRows ? 'disabled' : 'enabled'}, and ${this.format} needs one with object mode ${this.hasRows ? 'enabled' : 'disabled'}.`,
        );
      return new CallerStream(source);
    } finally {
      this.#isOpening = false;
    }
  }
}

/** Returns a stream of the values. It fails if they cannot be iterated, so that the statement fails and not the call. */
function readableFrom(values: AsyncIterable<unknown>, objectMode: boolean): Readable {
  try {
    return Readable.from(values, { objectMode });
  } catch (error) {
    return new Readable({
      objectMode,
      read() {
        this.destroy(toError(error));
      },
    });
  }
}

/** Returns a part of the body of `exec()`. @throws TypeError for anything but text and bytes: HTTP would fail outside of the statement */
export function assertChunk(chunk: unknown): string | Uint8Array {
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) return chunk;
  throw new TypeError(`The values of exec() contain ${describe(chunk)}, expected text or bytes in the format of the query.`);
}

/** Whether the values exist as a whole: an array, an object, or what the client rejects. */
export function isWhole<Values>(values: Values): values is Exclude<Values, Readable | AsyncIterable<unknown> | (() => unknown)> {
  return typeof values !== 'function' && !isStream(values) && !isAsyncIterable(values);
}

/** As the official client decides it, so that streams of other packages count. */
function isStream(value: unknown): value is Readable {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'pipe') === 'function' &&
    typeof Reflect.get(value, 'on') === 'function'
  );
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && Symbol.iterator in value);
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `a value of type ${typeof value}`;
}

function toError(error: unknown): Error {
  return isError(error) ? error : new Error(String(error), { cause: error });
}
