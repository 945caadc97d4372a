import { ClickHouseLogLevel } from '@clickhouse/client';
import type { ConfigProblem } from '../errors/index.js';
import {
  type Check,
  describe,
  findClientOptionProblems,
  flag,
  isFunction,
  isRecord,
  isWhole,
  objectOf,
  portableChecks,
  valueThat,
} from './client-option-checks.js';
import { type PassedOption, placeOf } from './official-options.js';

/** Longest timer of Node.js, in milliseconds. A longer one would fire at once. */
const maxTimerMs = 2_147_483_647;

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

const checks: Readonly<Record<PassedOption, Check>> = {
  ...portableChecks,
  log: objectOf({ level: logLevel, LoggerClass: valueThat(isFunction, 'a class with the methods of Logger') }),
  keep_alive: objectOf({
    enabled: flag,
    idle_socket_ttl: valueThat(isWhole(0, maxTimerMs), 'a whole number of milliseconds, 0 to 2,147,483,647'),
    eagerly_destroy_stale_sockets: flag,
  }),
  http_agent: valueThat((value) => isRecord(value) && isFunction(Reflect.get(value, 'addRequest')), 'an Agent of node:http or node:https'),
  compression: objectOf({ request: compression(true), response: compression(false) }),
  max_response_headers_size: valueThat(isWhole(1, maxTimerMs), 'a whole number of bytes, 1 to 2,147,483,647'),
  set_basic_auth_header: flag,
  capture_enhanced_stack_trace: flag,
};

const checksByName: ReadonlyMap<string, Check> = new Map(Object.entries(checks));

/** Yields a problem for each option that cannot be passed to the official client, with the key to use if there is one. */
export function validateClientOptions(options: unknown): Iterable<ConfigProblem> {
  return findClientOptionProblems(options, checksByName, (name) => {
    const place = placeOf(name);
    return place && place.kind !== 'passed' ? place.instead : undefined;
  });
}
