import { isError } from '../errors/is-error.js';

/** Names by status code. The Google client puts only the number into `code`. */
const grpcStatuses = (
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED ' +
  'FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'
).split(' ');

/** Describes the failure of a source by its code or name. The message is omitted, since it may quote the secret. */
export function reasonOf(failure: unknown): string {
  if (!isError(failure)) return 'a thrown value that is not an Error';
  const code: unknown = 'code' in failure ? failure.code : undefined;
  const status = typeof code === 'number' ? grpcStatuses[code] : undefined;
  if (status !== undefined) return `${status} (${Number(code)})`;
  if (typeof code === 'string' || typeof code === 'number') return `${failure.name} ${code}`;
  return failure.name === 'Error' ? 'an error without a code, whose message is not shown, since it may quote the secret' : failure.name;
}
