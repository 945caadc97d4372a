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

/** The codes that have a class of their own, with their names in `system.errors`. */
const errorCodes: readonly (readonly [ServerErrorClass, Readonly<Record<number, string>>])[] = [
  [AuthenticationError, { 192: 'UNKNOWN_USER', 193: 'WRONG_PASSWORD', 194: 'REQUIRED_PASSWORD', 516: 'AUTHENTICATION_FAILED' }],
  [PermissionError, { 164: 'READONLY', 291: 'DATABASE_ACCESS_DENIED', 497: 'ACCESS_DENIED' }],
  [
    OverloadedError,
    {
      202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
      203: 'NO_FREE_CONNECTION',
      252: 'TOO_MANY_PARTS',
      439: 'CANNOT_SCHEDULE_TASK',
      574: 'DISTRIBUTED_TOO_MANY_PENDING_BYTES',
      692: 'TOO_MANY_MUTATIONS',
    },
  ],
  [
    ResourceLimitError,
    {
      158: 'TOO_MANY_ROWS',
      201: 'QUOTA_EXCEEDED',
      241: 'MEMORY_LIMIT_EXCEEDED',
      243: 'NOT_ENOUGH_SPACE',
      290: 'LIMIT_EXCEEDED',
      307: 'TOO_MANY_BYTES',
      396: 'TOO_MANY_ROWS_OR_BYTES',
    },
  ],
  [ServerTimeoutError, { 159: 'TIMEOUT_EXCEEDED', 160: 'TOO_SLOW' }],
  [SessionError, { 372: 'SESSION_NOT_FOUND', 373: 'SESSION_IS_LOCKED' }],
  [
    ReplicaError,
    {
      209: 'SOCKET_TIMEOUT',
      210: 'NETWORK_ERROR',
      225: 'NO_ZOOKEEPER',
      242: 'TABLE_IS_READ_ONLY',
      279: 'ALL_CONNECTION_TRIES_FAILED',
      285: 'TOO_FEW_LIVE_REPLICAS',
      519: 'ALL_REPLICAS_LOST',
      999: 'KEEPER_EXCEPTION',
    },
  ],
  [StatementCancelledError, { 394: 'QUERY_WAS_CANCELLED', 735: 'QUERY_WAS_CANCELLED_BY_CLIENT' }],
  [UnknownStatusError, { 319: 'UNKNOWN_STATUS_OF_INSERT', 659: 'UNKNOWN_STATUS_OF_TRANSACTION' }],
];

const byCode = new Map(
  errorCodes.flatMap(([type, codes]) => Object.entries(codes).map(([code, name]) => [Number(code), { type, name }] as const)),
);

/** Returns the class and the name of a code. A code without a class of its own is a plain ServerError without a name. */
export function lookUpServerCode(code: number): { readonly type: ServerErrorClass; readonly name: string | undefined } {
  return byCode.get(code) ?? { type: ServerError, name: undefined };
}
