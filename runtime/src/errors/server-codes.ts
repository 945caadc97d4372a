import {
  AuthenticationError,
  OverloadedError,
  PermissionError,
  ReplicaError,
  ResourceLimitError,
  ServerError,
  ServerTimeoutError,
  SessionError,
  StatementCancelledError,
  UnknownStatusError,
} from './server.js';

type ServerErrorClass = new (...args: ConstructorParameters<typeof ServerError>) => ServerError;

/** The codes that have a class of their own. */
const errorCodes: readonly (readonly [ServerErrorClass, readonly number[]])[] = [
  [AuthenticationError, [192, 193, 194, 516]],
  [PermissionError, [164, 291, 497]],
  [OverloadedError, [202, 203, 252, 439, 574, 692]],
  [ResourceLimitError, [158, 201, 241, 243, 290, 307, 396]],
  [ServerTimeoutError, [159, 160]],
  [SessionError, [372, 373]],
  [ReplicaError, [209, 210, 225, 242, 279, 285, 519, 999]],
  [StatementCancelledError, [394, 735]],
  [UnknownStatusError, [319, 659]],
];

const classes = new Map(errorCodes.flatMap(([type, codes]) => codes.map((code) => [code, type] as const)));

/** Returns the class of a code. A code without a class of its own is a plain ServerError. */
export function classOfCode(code: number | undefined): ServerErrorClass {
  return (code === undefined ? undefined : classes.get(code)) ?? ServerError;
}
