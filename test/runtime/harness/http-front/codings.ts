import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ServerException } from './exceptions.js';

/** A content coding of HTTP. */
interface Coding {
  readonly encoder: () => Transform;
  readonly decoder: () => Transform;
}

/** The codings, the server's first choice first. */
const codings: ReadonlyMap<string, Coding> = new Map([
  ['br', { encoder: () => zlib.createBrotliCompress(brotliOptions), decoder: () => zlib.createBrotliDecompress() }],
  ['gzip', { encoder: () => zlib.createGzip(), decoder: () => zlib.createGunzip() }],
  ['deflate', { encoder: () => zlib.createDeflate(), decoder: () => zlib.createInflate() }],
  ...zstd(),
]);

// The default quality compresses a megabyte a second.
const brotliOptions = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } };

/** Node has zstd from 22.15 on, and the types of Node 20 do not. */
function zstd(): readonly (readonly [string, Coding])[] {
  const encoder: unknown = Reflect.get(zlib, 'createZstdCompress');
  const decoder: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return isTransformFactory(encoder) && isTransformFactory(decoder) ? [['zstd', { encoder, decoder }]] : [];
}

function isTransformFactory(value: unknown): value is () => Transform {
  return typeof value === 'function';
}

/** Returns the first coding of the server that the header `Accept-Encoding` names. */
export function acceptedCoding(header: string | undefined): string | undefined {
  const accepted = new Set((header ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase()));
  return [...codings.keys()].find((name) => accepted.has(name));
}

/** Returns the compressing stream of a coding. */
export function encoderOf(name: string): Transform {
  const coding = codings.get(name);
  if (coding === undefined) throw new Error(`There is no coding ${name}.`);
  return coding.encoder();
}

/** Returns the body without its coding. @throws ServerException */
export async function decoded(body: Buffer, name: string | undefined): Promise<Buffer> {
  if (name === undefined || name === '' || name === 'identity') return body;
  const coding = codings.get(name.toLowerCase());
  if (coding === undefined) throw new ServerException(48, 'NOT_IMPLEMENTED', `Unknown compression method ${name}`);
  const decoder = coding.decoder();
  decoder.end(body);
  try {
    return Buffer.concat(await decoder.toArray());
  } catch (error) {
    throw new ServerException(354, 'ZLIB_INFLATE_FAILED', `The body is not in the coding ${name}: ${String(error)}`);
  }
}
