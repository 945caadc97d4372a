/** How code tells a failure apart without its text. */
export type FailureKind =
  /** An answer of the server with this code of `system.errors`. */
  | { readonly kind: 'server'; readonly code: number; readonly name: string }
  /** Any answer of the server. */
  | { readonly kind: 'any-server' }
  /** An error of Node.js with this code. */
  | { readonly kind: 'socket'; readonly code: string }
  /** The request timeout of the client. */
  | { readonly kind: 'timeout' }
  /** The signal of the caller was aborted. */
  | { readonly kind: 'abort' }
  /** The client made no text of the values: it would be longer than a string can be. */
  | { readonly kind: 'too-long' };

/** A text that means a kind of failure. */
export interface KnownText {
  readonly failure: FailureKind;
  /** Whether errors of other systems have such words too. */
  readonly isShared: boolean;
}

interface Phrase extends KnownText {
  /** Tests a text in lower case, with single spaces. */
  readonly pattern: RegExp;
  /** Further failures whose texts have these words. */
  readonly also?: readonly FailureKind[];
}

/** The codes of the server that code tells apart, with the name that their messages end with. */
const serverErrors: readonly (readonly [code: number, name: string])[] = [
  [6, 'CANNOT_PARSE_TEXT'],
  [16, 'NO_SUCH_COLUMN_IN_TABLE'],
  [27, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED'],
  [36, 'BAD_ARGUMENTS'],
  [41, 'CANNOT_PARSE_DATETIME'],
  [43, 'ILLEGAL_TYPE_OF_ARGUMENT'],
  [44, 'ILLEGAL_COLUMN'],
  [46, 'UNKNOWN_FUNCTION'],
  [47, 'UNKNOWN_IDENTIFIER'],
  [48, 'NOT_IMPLEMENTED'],
  [49, 'LOGICAL_ERROR'],
  [50, 'UNKNOWN_TYPE'],
  [53, 'TYPE_MISMATCH'],
  [57, 'TABLE_ALREADY_EXISTS'],
  [60, 'UNKNOWN_TABLE'],
  [62, 'SYNTAX_ERROR'],
  [70, 'CANNOT_CONVERT_TYPE'],
  [81, 'UNKNOWN_DATABASE'],
  [82, 'DATABASE_ALREADY_EXISTS'],
  [115, 'UNKNOWN_SETTING'],
  [117, 'INCORRECT_DATA'],
  [158, 'TOO_MANY_ROWS'],
  [159, 'TIMEOUT_EXCEEDED'],
  [160, 'TOO_SLOW'],
  [164, 'READONLY'],
  [184, 'ILLEGAL_AGGREGATION'],
  [192, 'UNKNOWN_USER'],
  [193, 'WRONG_PASSWORD'],
  [194, 'REQUIRED_PASSWORD'],
  [201, 'QUOTA_EXCEEDED'],
  [202, 'TOO_MANY_SIMULTANEOUS_QUERIES'],
  [203, 'NO_FREE_CONNECTION'],
  [209, 'SOCKET_TIMEOUT'],
  [210, 'NETWORK_ERROR'],
  [215, 'NOT_AN_AGGREGATE'],
  [216, 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING'],
  [219, 'DATABASE_NOT_EMPTY'],
  [225, 'NO_ZOOKEEPER'],
  [236, 'ABORTED'],
  [241, 'MEMORY_LIMIT_EXCEEDED'],
  [242, 'TABLE_IS_READ_ONLY'],
  [243, 'NOT_ENOUGH_SPACE'],
  [252, 'TOO_MANY_PARTS'],
  [279, 'ALL_CONNECTION_TRIES_FAILED'],
  [285, 'TOO_FEW_LIVE_REPLICAS'],
  [290, 'LIMIT_EXCEEDED'],
  [291, 'DATABASE_ACCESS_DENIED'],
  [307, 'TOO_MANY_BYTES'],
  [319, 'UNKNOWN_STATUS_OF_INSERT'],
  [349, 'CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN'],
  [372, 'SESSION_NOT_FOUND'],
  [373, 'SESSION_IS_LOCKED'],
  [394, 'QUERY_WAS_CANCELLED'],
  [396, 'TOO_MANY_ROWS_OR_BYTES'],
  [439, 'CANNOT_SCHEDULE_TASK'],
  [452, 'SETTING_CONSTRAINT_VIOLATION'],
  [497, 'ACCESS_DENIED'],
  [516, 'AUTHENTICATION_FAILED'],
  [999, 'KEEPER_EXCEPTION'],
];

const nameOfCode: ReadonlyMap<number, string> = new Map(serverErrors);

/** Names that other systems give their errors as well. */
const sharedNames =
  /^(?:ABORTED|ACCESS_DENIED|AUTHENTICATION_FAILED|BAD_ARGUMENTS|LIMIT_EXCEEDED|LOGICAL_ERROR|NETWORK_ERROR|NOT_IMPLEMENTED|QUOTA_EXCEEDED|READONLY|SESSION_NOT_FOUND|SOCKET_TIMEOUT|SYNTAX_ERROR|TYPE_MISMATCH|UNKNOWN_TYPE|UNKNOWN_USER|WRONG_PASSWORD)$/;

const socketCodes = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

function server(pattern: RegExp, code: number, isShared = false): Phrase {
  return { pattern, failure: { kind: 'server', code, name: nameOfCode.get(code) ?? '' }, isShared };
}

function socket(pattern: RegExp, code: string, isShared = false): Phrase {
  return { pattern, failure: { kind: 'socket', code }, isShared };
}

/** Words of messages, the most exact first. */
const phrases: readonly Phrase[] = [
  server(/memory limit/, 241),
  server(/unknown table expression/, 60),
  server(/unknown database/, 81),
  server(/database .*(?:does ?n[o']t|does not) exist/, 81, true),
  server(/table .*(?:does ?n[o']t|does not) exist|unknown table|no such table|table not found/, 60, true),
  server(/database .*already exists/, 82, true),
  server(/table .*already exists/, 57, true),
  { ...server(/already exists/, 57, true), also: [{ kind: 'server', code: 82, name: 'DATABASE_ALREADY_EXISTS' }] },
  server(/unknown expression identifier|unknown identifier|missing columns/, 47),
  server(/no such column|unknown column/, 16, true),
  server(/unknown function/, 46),
  server(/unknown setting/, 115),
  server(/too many simultaneous queries/, 202),
  server(/too many parts/, 252),
  server(/limit for rows/, 158),
  server(/limit for bytes/, 307),
  server(/limit for result/, 396),
  server(/quota for user|quota .*exceeded/, 201, true),
  server(/estimated query execution time/, 160),
  server(/timeout exceeded/, 159),
  server(/authentication failed|password is incorrect/, 516, true),
  server(/not enough privileges/, 497),
  server(/in readonly mode/, 164),
  server(/table is in read-?only mode/, 242),
  server(/query was cancelled/, 394),
  server(/session .*is locked/, 373),
  server(/cannot parse input/, 27),
  server(/size of json object/, 117),
  server(/syntax error/, 62, true),
  { pattern: /db::(?:\w*exception)?|\bcode: ?(?:\(|\\d|\[0-9|$)/, failure: { kind: 'any-server' }, isShared: false },
  socket(/socket hang up/, 'ECONNRESET'),
  socket(/getaddrinfo/, 'ENOTFOUND'),
  socket(/premature close/, 'ERR_STREAM_PREMATURE_CLOSE'),
  { pattern: /invalid string length/, failure: { kind: 'too-long' }, isShared: false },
  socket(/connection refused|connect refused/, 'ECONNREFUSED', true),
  socket(/connection reset/, 'ECONNRESET', true),
  socket(/broken pipe/, 'EPIPE', true),
  { pattern: /timeout error/, failure: { kind: 'timeout' }, isShared: false },
  { pattern: /user aborted a request/, failure: { kind: 'abort' }, isShared: false },
  {
    pattern: /time(?:d)?[ -]?out|deadline/,
    failure: { kind: 'timeout' },
    isShared: true,
    also: [{ kind: 'server', code: 159, name: 'TIMEOUT_EXCEEDED' }],
  },
  { pattern: /\babort/, failure: { kind: 'abort' }, isShared: true, also: [{ kind: 'socket', code: 'ECONNRESET' }] },
];

/** All failures that have a text. */
export const knownFailures: readonly FailureKind[] = [
  ...serverErrors.map(([code, name]): FailureKind => ({ kind: 'server', code, name })),
  ...[...socketCodes, 'ERR_STREAM_PREMATURE_CLOSE'].map((code): FailureKind => ({ kind: 'socket', code })),
  { kind: 'any-server' },
  { kind: 'timeout' },
  { kind: 'abort' },
  { kind: 'too-long' },
];

/** Returns what a text, or the source of a regular expression, means; empty if it is not known. */
export function knownTexts(text: string): KnownText[] {
  const words = wordsOf(text);
  const codes = [...words.matchAll(/\bcode:? ?(\d+)/gi)].flatMap(([, digits]) => knownCode(Number(digits)));
  // Code often compares in lower case.
  const upper = words.toUpperCase();
  const names = serverErrors.filter(([, name]) => new RegExp(`(?<![A-Z_])${name}(?![A-Z_])`).test(name.includes('_') ? upper : words));
  const sockets = socketCodes.filter((code) => upper.includes(code));
  const found: KnownText[] = [
    ...codes,
    ...names.map(([code, name]): KnownText => ({ failure: { kind: 'server', code, name }, isShared: sharedNames.test(name) })),
    ...sockets.map((code): KnownText => ({ failure: { kind: 'socket', code }, isShared: false })),
  ];
  if (found.length > 0) return found;
  const alternatives = words.split('|').map((part) => part.toLowerCase());
  return alternatives.flatMap((part) => {
    const phrase = phrases.find(({ pattern }) => pattern.test(part));
    if (!phrase) return [];
    const { failure, isShared, also = [] } = phrase;
    return [failure, ...also].map((meant): KnownText => ({ failure: meant, isShared }));
  });
}

/** A number that the server may answer with is one of its codes, known or not. */
function knownCode(code: number): KnownText {
  const name = nameOfCode.get(code);
  return { failure: name === undefined ? { kind: 'any-server' } : { kind: 'server', code, name }, isShared: false };
}

/** Reads the parts of a regular expression that stand for spaces as spaces. */
function wordsOf(text: string): string {
  const source = /^\/(.*)\/[a-z]*$/s.exec(text)?.[1] ?? text;
  return source
    .replace(/\\s[*+?]?|\[ ?[_\\s-]*\]\??|\.[*+]\??|\\\./g, ' ')
    .replace(/\\b/g, '')
    .replace(/ +/g, ' ');
}
