import { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';

/** An exception is in the last bytes of a body, at most this many. */
const tailBytes = 64 * 1024;

/** The last `tailBytes` bytes of a body. */
export class TailBuffer {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    for (let [first] = this.#chunks; first && this.#length - first.length >= tailBytes; [first] = this.#chunks) {
      this.#chunks.shift();
      this.#length -= first.length;
    }
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-tailBytes);
  }
}

/** The end of a body that the client does not decompress. A body in an unknown encoding has none, and a damaged one has the part that is readable. */
export class CompressedTail {
  readonly #tail = new TailBuffer();
  readonly #decoder: Transform | undefined;

  /** @param encoding the header `content-encoding` */
  constructor(private readonly encoding: string | undefined) {
    this.#decoder = decoderOf(encoding);
    // A listener for `error` as well: a damaged body must not end the process.
    this.#decoder?.on('data', (chunk: Buffer) => this.#tail.add(chunk)).on('error', () => undefined);
  }

  add(chunk: Buffer): void {
    if (this.encoding === undefined) this.#tail.add(chunk);
    else if (this.#decoder?.writable === true) this.#decoder.write(chunk);
  }

  /** Resolves with the text. Call it after the last chunk. */
  async read(): Promise<string> {
    if (this.#decoder) await finished(this.#decoder.end()).catch(() => undefined);
    return this.#tail.bytes.toString();
  }
}

function decoderOf(encoding: string | undefined): Transform | undefined {
  if (encoding === undefined) return undefined;
  const zlib = process.getBuiltinModule('node:zlib');
  const { constants, createBrotliDecompress, createGunzip, createInflate } = zlib;
  if (encoding === 'gzip') return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  if (encoding === 'deflate') return createInflate({ finishFlush: constants.Z_SYNC_FLUSH });
  if (encoding === 'br') return createBrotliDecompress();
  // Node.js 20 has none.
  const createZstdDecompress: unknown = Reflect.get(zlib, 'createZstdDecompress');
  if (encoding !== 'zstd' || typeof createZstdDecompress !== 'function') return undefined;
  const decoder: unknown = Reflect.apply(createZstdDecompress, zlib, []);
  return decoder instanceof Transform ? decoder : undefined;
}
