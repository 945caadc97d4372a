/** By their numbers, which is all that Google's client says in `code`. */
const grpcStatuses = (
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED ' +
  'FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'
).split(' ');

/** Why a source failed, without its message: that of one that reads a secret may quote it. */
export function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'something was thrown that is no error';
  const code: unknown = 'code' in failure ? failure.code : undefined;
  const status = typeof code === 'number' ? grpcStatuses[code] : undefined;
  if (status !== undefined) return `${status} (${Number(code)})`;
  if (typeof code === 'string' || typeof code === 'number') return `${failure.name} ${code}`;
  return failure.name === 'Error' ? 'an error without a code, whose message is not shown, since it may quote the secret' : failure.name;
}
