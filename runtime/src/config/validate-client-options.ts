import { ClickHouseLogLevel } from '@clickhouse/client';
import type { ConfigProblem } from '../errors/index.js';
import { validateHeaders } from './http-headers.js';
import { type PassedOption, placeOf } from './official-options.js';
import { closestMatch } from './suggest-similar.js';

/** Yields the problems of a value. */
type Check = (value: unknown, key: string) => Iterable<ConfigProblem>;

/** Longest timer of Node.js, in milliseconds. A longer one would fire at once. */
const maxTimerMs = 2_147_483_647;

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const isFunction = (value: unknown) => typeof value === 'function';
const isWhole = (min: number, max: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

function valueThat(isValid: (value: unknown) => boolean, expected: string): Check {
  return (value, key) => (isValid(value) ? [] : [{ key, found: describe(value), expected }]);
}

/** Checks an object of options. A key that is undefined counts as absent. */
function objectOf(fields: Readonly<Record<string, Check>>): Check {
  const checks = new Map(Object.entries(fields));
  const names = [...checks.keys()];
  return function* (value, key) {
    if (!isRecord(value)) {
      yield { key, found: describe(value), expected: `an object with ${names.join(', ')}` };
      return;
    }
    const entries: (readonly [string, unknown])[] = Object.entries(value);
    for (const [name, field] of entries) {
      const check = checks.get(name);
      if (check && field !== undefined) yield* check(field, `${key}.${name}`);
      else if (!check) yield unknownKey(name, `${key}.${name}`, names);
    }
  };
}

function unknownKey(name: string, key: string, names: readonly string[]): ConfigProblem {
  const similar = closestMatch(name, names);
  return { key, found: 'an unknown key', expected: similar === undefined ? `one of ${names.join(', ')}` : `"${similar}"` };
}

const flag = valueThat((value) => typeof value === 'boolean', 'true or false');
const logLevels = Object.entries(ClickHouseLogLevel).filter(([, level]) => typeof level === 'number');
const logLevel = valueThat(
  (value) => logLevels.some(([, level]) => level === value),
  `a ClickHouseLogLevel: ${logLevels.map(([name, level]) => `${name} (${level})`).join(', ')}`,
);

const codecs: Readonly<Record<string, Check>> = {
  gzip: objectOf({ codec: () => [], level: valueThat(isWhole(-1, 9), 'a whole number, -1 to 9') }),
  zstd: objectOf({ codec: zstd, level: valueThat(isWhole(-131_072, 22), 'a whole number, -131,072 to 22') }),
  br: objectOf({ codec: () => [], quality: valueThat(isWhole(0, 11), 'a whole number, 0 to 11') }),
};

function* zstd(_: unknown, key: string): Iterable<ConfigProblem> {
  if (!('createZstdCompress' in process.getBuiltinModule('node:zlib')))
    yield { key, found: `"zstd", which Node.js ${process.versions.node} does not have`, expected: '"gzip" or "br", or Node.js 22.15' };
}

/** @param hasLevel whether the codec has options. Those of a response are the choice of the server. */
function compression(hasLevel: boolean): Check {
  return function* (value, key) {
    if (typeof value === 'boolean') return;
    const codec: unknown = isRecord(value) ? Reflect.get(value, 'codec') : undefined;
    const check = typeof codec === 'string' && Object.hasOwn(codecs, codec) ? codecs[codec] : undefined;
    if (!check) yield { key, found: describe(codec ?? value), expected: '{ codec: "gzip" }, { codec: "zstd" } or { codec: "br" }' };
    else if (hasLevel) yield* check(value, key);
    else yield* objectOf({ codec: codec === 'zstd' ? zstd : () => [] })(value, key);
  };
}

function* json(value: unknown, key: string): Iterable<ConfigProblem> {
  const handling: object = isRecord(value) || typeof value === 'function' ? value : {};
  const isValid = 'parse' in handling || 'stringify' in handling;
  if (!isValid) {
    yield { key, found: describe(value), expected: 'an object with the functions parse and stringify, or one of them' };
    return;
  }
  const check = valueThat((field) => field === undefined || isFunction(field), 'a function');
  for (const name of ['parse', 'stringify']) yield* check(Reflect.get(handling, name), `${key}.${name}`);
  // Other objects are those of classes and modules, which have members of their own.
  if (Reflect.getPrototypeOf(handling) === Object.prototype) yield* objectOf({ parse: () => [], stringify: () => [] })(value, key);
}

function* headers(value: unknown, key: string): Iterable<ConfigProblem> {
  if (isRecord(value)) yield* validateHeaders(value, key);
  else yield { key, found: describe(value), expected: 'an object with a text for each header' };
}

const checks: Readonly<Record<PassedOption, Check>> = {
  json,
  log: objectOf({ level: logLevel, LoggerClass: valueThat(isFunction, 'a class with the methods of Logger') }),
  http_headers: headers,
  keep_alive: objectOf({
    enabled: flag,
    idle_socket_ttl: valueThat(isWhole(0, maxTimerMs), 'a whole number of milliseconds, 0 to 2,147,483,647'),
    eagerly_destroy_stale_sockets: flag,
  }),
  http_agent: valueThat((value) => isRecord(value) && isFunction(Reflect.get(value, 'addRequest')), 'an Agent of node:http or node:https'),
  compression: objectOf({ request: compression(true), response: compression(false) }),
  max_response_headers_size: valueThat(isWhole(1, maxTimerMs), 'a whole number of bytes, 1 to 2,147,483,647'),
  use_multipart_params: flag,
  use_multipart_params_auto: flag,
  set_basic_auth_header: flag,
  capture_enhanced_stack_trace: flag,
};

const checksByName: ReadonlyMap<string, Check> = new Map(Object.entries(checks));

/** Yields a problem for each option that cannot be passed to the official client, with the key to use if there is one. */
export function* validateClientOptions(options: unknown): Iterable<ConfigProblem> {
  if (!isRecord(options)) {
    yield { key: 'client', found: describe(options), expected: `an object with ${[...checksByName.keys()].join(', ')}` };
    return;
  }
  const entries: (readonly [string, unknown])[] = Object.entries(options);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    const check = checksByName.get(name);
    const place = placeOf(name);
    if (check) yield* check(value, `client.${name}`);
    else if (place && place.kind !== 'passed')
      yield { key: `client.${name}`, found: 'an option that is not passed to the client', expected: place.instead };
    else yield unknownKey(name, `client.${name}`, [...checksByName.keys()]);
  }
}

/** A text may be a secret in the wrong place. */
function describe(value: unknown): string {
  if (typeof value === 'string') return value.length <= 8 ? JSON.stringify(value) : 'a text';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value);
}
