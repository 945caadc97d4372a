import { Readable } from 'node:stream';
import { EncodedRows } from './encoded-rows.js';

/** Marks the bodies of all copies of this package: the client of a statement may come from the factory of another copy. */
const brand = Symbol.for('@clickhouse-ssot/runtime/values-body');

/** Where the chunks of a body come from. */
export interface BodySource {
  /** The body wants a chunk. */
  read(body: ValuesBody): void;
  /** The body was destroyed, or it has ended. */
  release(body: ValuesBody, error: Error | null): void;
}

/**
 * The stream that the official client receives in place of the caller's stream. The client pipes and destroys what it receives, and this
 * body is made anew for each attempt.
 */
export class ValuesBody extends Readable {
  readonly [brand] = true;
  #encode: ((row: unknown) => unknown) | undefined;

  constructor(
    private readonly source: BodySource,
    objectMode: boolean,
  ) {
    super({ objectMode });
    // It may fail before the client listens.
    this.on('error', () => undefined);
  }

  /** Encodes each row by this function from here on. */
  encodeBy(encode: (row: unknown) => unknown): this {
    this.#encode = encode;
    return this;
  }

  /** Adds a chunk. Returns whether the body wants more. @throws the error of the encoding, such as that of a row's `toJSON` */
  add(chunk: unknown): boolean {
    if (!this.#encode) return this.push(chunk);
    return this.push(chunk instanceof EncodedRows ? chunk.bytes : this.#encode(chunk));
  }

  override _read(): void {
    this.source.read(this);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.source.release(this, error);
    done(error);
  }
}

/**
 * Makes a client encode the rows of a `ValuesBody` inside the body. The official client would encode them in a stream of its own, where a
 * row that cannot be encoded ends the process, and would print each failure of the stream to the console, also with its log off.
 */
export function encodeInBody(client: object): void {
  // Internal to the client. Without it, the client encodes as it does for any stream.
  const encoder: unknown = Reflect.get(client, 'valuesEncoder');
  if (typeof encoder !== 'object' || encoder === null) return;
  const encodeValues: unknown = Reflect.get(encoder, 'encodeValues');
  if (typeof encodeValues !== 'function') return;
  const encode = (values: unknown, format: unknown): unknown => Reflect.apply(encodeValues, encoder, [values, format]);
  Reflect.set(encoder, 'encodeValues', (values: unknown, format: unknown): unknown =>
    isValuesBody(values) && values.readableObjectMode ? values.encodeBy((row) => encode([row], format)) : encode(values, format),
  );
}

function isValuesBody(values: unknown): values is ValuesBody {
  return values instanceof Readable && brand in values;
}
