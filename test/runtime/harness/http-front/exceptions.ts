/** An exception of the engine or of the front, in the words of ClickHouse. */
export class ServerException extends Error {
  constructor(
    readonly code: number,
    /** Name of the code, for example `UNKNOWN_TABLE`. */
    readonly codeName: string,
    description: string,
  ) {
    super(description);
  }
}

/** HTTP statuses of exception codes. All other codes have 500. */
const statuses: readonly (readonly [status: number, codes: readonly number[]])[] = [
  [401, [194]],
  [403, [192, 193, 516, 512, 497]],
  [400, [36, 427, 6, 25, 26, 38, 41, 72, 441, 675, 676, 27, 376, 15, 44, 8, 56, 57, 167, 168, 169, 62, 117, 53, 321]],
  [404, [60, 46, 47, 50, 54, 81, 115, 65, 63, 73, 77, 78, 511]],
  [413, [166]],
  [501, [48]],
  [503, [209, 76, 439]],
  [411, [381]],
  [408, [159]],
  [415, [706]],
];

/** Returns the HTTP status of an exception code, as in ClickHouse's `exceptionCodeToHTTPStatus`. */
export function statusOf(code: number): number {
  return statuses.find(([, codes]) => codes.includes(code))?.[0] ?? 500;
}

const engineMessage = /^Code: (\d+)\. DB::Exception: ([\s\S]*?)(?: \((\w+)\))?$/;

/** Returns an error of the engine as an exception. The engine repeats the prefix of some errors, and names files of the front. */
export function fromEngine(error: unknown): ServerException {
  if (error instanceof ServerException) return error;
  const text = (error instanceof Error ? error.message : String(error)).trim();
  const match = engineMessage.exec(text);
  if (match === null) return new ServerException(1001, 'STD_EXCEPTION', `std::exception. ${text}`);
  const [, code = '0', description = '', name = 'UNKNOWN'] = match;
  const inner = / ?\(version [^)]*\)\.?$/;
  const repeated = engineMessage.exec(description.replace(inner, ''));
  return new ServerException(Number(code), name, withoutFiles(repeated?.[2] ?? description));
}

function withoutFiles(description: string): string {
  return description
    .replace(/: \(in file\/uri [^)]*\)/g, '')
    .replace(/: While executing File(?=: data for INSERT)/g, '')
    .replace('data for INSERT was parsed from file', 'data for INSERT was parsed from query');
}

/** Returns the text of an exception in a body. */
export function textOf({ code, codeName, message }: ServerException, version: string): string {
  return `Code: ${code}. DB::Exception: ${message} (${codeName}) (version ${version} (official build))\n`;
}

/** Returns the exception of a request for what the front cannot do. */
export function notImplemented(description: string): ServerException {
  return new ServerException(48, 'NOT_IMPLEMENTED', `${description} The HTTP front over chDB does not have it.`);
}
