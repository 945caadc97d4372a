import { type ClickHouseClient, type QueryParams, TupleParam } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  InvalidArgumentError,
  loadClickHouseConfig,
  outcomeOf,
  parseFailure,
} from '../../../runtime/src/index.js';
import { type FakeServer, fakeServer } from '../harness/fake-server.js';

const open = () => new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, {}), factory: new ClickHouseConnectionFactory() });
const manager = open();
/** Another connection to the engine. A setting `param_p` passes the text of a parameter to it as a server does. */
const reference = open();
const factory = new ClickHouseConnectionFactory();
let server: FakeServer;
let client: ClickHouseClient;

beforeAll(async () => {
  server = await fakeServer((response) => response.end());
  client = await factory.create(loadClickHouseConfig({ url: server.url }, {}));
});
afterAll(async () => {
  await Promise.all([manager.close(), reference.close()]);
  await factory.close();
  await server[Symbol.asyncDispose]();
});

async function run(
  { service }: ClickHouseConnectionManager,
  type: string,
  params: Pick<QueryParams, 'query_params' | 'clickhouse_settings'>,
) {
  const query = `SELECT toString({p: ${type}}) AS value`;
  return (await (await service.query({ query, format: 'JSONEachRow', ...params })).json<{ value: unknown }>())[0];
}

const embedded = (type: string, p: unknown) => run(manager, type, { query_params: { p } });

/** What the engine makes of the text that the official client sends over HTTP. */
async function overHttp(type: string, p: unknown) {
  await client.command({ query: 'SELECT 1', query_params: { p }, use_multipart_params_auto: false });
  const url = server.requests.at(-1)?.split(' ')[1] ?? '';
  const param_p = new URL(url, server.url).searchParams.get('param_p') ?? '';
  return run(reference, type, { clickhouse_settings: { param_p } });
}

const date = new Date('2024-01-02T03:04:05.678Z');
const whole = new Date('2024-01-02T03:04:05.000Z');
const awkward = 'it\'s "a"\t\n\r\b\f\0\\N\\ `x` ; -- 🙂 \u2028';

describe('query parameters of the embedded engine', () => {
  it.each<[string, unknown, string | null]>([
    ["DateTime64(3, 'UTC')", date, '2024-01-02 03:04:05.678'],
    ["DateTime64(6, 'UTC')", date, '2024-01-02 03:04:05.678000'],
    ["Nullable(DateTime64(3, 'UTC'))", date, '2024-01-02 03:04:05.678'],
    ["DateTime('UTC')", whole, '2024-01-02 03:04:05'],
    ["Array(DateTime('UTC'))", [whole], "['2024-01-02 03:04:05']"],
    ['Float64', Infinity, 'inf'],
    ['Float64', -Infinity, '-inf'],
    ['Float64', NaN, 'nan'],
    ['Array(Float64)', [Infinity, -Infinity, NaN, -0, 1e21, 5e-324], '[inf,-inf,nan,0,1e21,5e-324]'],
    ['Int64', 2 ** 53, '9007199254740992'],
    ['Int256', -(2n ** 200n), String(-(2n ** 200n))],
    ['Map(String, Array(Nullable(Float64)))', new Map([["k'", [null, Infinity]]]), "{'k\\'':[NULL,inf]}"],
    ['Map(Int8, String)', new Map([[1, 'a']]), "{1:'a'}"],
    ['Tuple(UInt8, Nullable(String), Bool)', new TupleParam([42, null, true]), '(42,NULL,true)'],
    ['Bool', false, 'false'],
    ['Nullable(String)', null, null],
    ['Nullable(String)', undefined, null],
    ['String', awkward, awkward],
  ])('a %s has the value that was passed: %o', async (type, value, expected) => {
    expect(await embedded(type, value)).toEqual({ value: expected });
  });

  it('strings in arrays, tuples and maps have the value that was passed', async () => {
    const result = await manager.service.query({
      query: 'SELECT {a: Array(String)} AS a, {t: Tuple(String, Array(String))} AS t, {m: Map(String, String)} AS m',
      query_params: { a: [awkward, ''], t: new TupleParam([awkward, [awkward]]), m: { [awkward]: awkward } },
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([{ a: [awkward, ''], t: [awkward, [awkward]], m: { [awkward]: awkward } }]);
  });

  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(awkward, "''", '\\', 'NULL', '[]', '\\N', ','));
  const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 2 ** 53, 2 ** 63, 1e21, Infinity, -Infinity, NaN));
  const time = fc.oneof(fc.date({ noInvalidDate: false }), fc.constantFrom(date, whole, new Date(-1), new Date(0)));
  const scalar = fc.oneof(text, number, fc.bigInt(), fc.boolean(), fc.constantFrom(null, undefined), time);
  // Without a text for an array, tuple or map, and the reverse. The official client escapes its quotes so that the types must agree.
  const typed = fc.oneof(
    fc.record({ type: fc.constantFrom('String', 'Nullable(String)', 'FixedString(9)'), value: scalar }),
    fc.record({
      type: fc.constantFrom('Float64', 'Int64', 'UInt256', 'Bool', 'Nullable(Int8)', "DateTime('UTC')", "DateTime64(3, 'UTC')", 'Date'),
      value: scalar,
    }),
    fc.record({
      type: fc.constantFrom('Array(String)', 'Array(Nullable(Float64))', "Array(DateTime64(3, 'UTC'))", 'Array(Bool)', 'Array(Int64)'),
      value: fc.array(scalar, { maxLength: 4 }),
    }),
    fc.record({ type: fc.constant('Array(Array(Nullable(String)))'), value: fc.array(fc.array(fc.oneof(text, fc.constant(null)))) }),
    fc.record({
      type: fc.constant('Map(Float64, String)'),
      value: fc.array(fc.tuple(number, scalar), { maxLength: 3 }).map((entries) => new Map(entries)),
    }),
    fc.record({ type: fc.constantFrom('Map(String, String)', 'Map(String, Nullable(Float64))'), value: fc.dictionary(text, scalar) }),
    fc.record({
      type: fc.constantFrom('Tuple(String, Float64)', 'Tuple(Nullable(String), Array(String))'),
      value: fc.tuple(scalar, fc.oneof(scalar, fc.array(text))).map((values) => new TupleParam(values)),
    }),
  );

  // The engine itself reads a number in an array as ticks. So does a server.
  it('have the value, or the failure, that they have over HTTP', async () => {
    await fc.assert(
      fc.asyncProperty(typed, async ({ type, value }) => {
        const results = await Promise.allSettled([embedded(type, value), overHttp(type, value)]);
        const [own, http] = results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'));
        expect(own).toEqual(http);
      }),
      { numRuns: 400 },
    );
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each([
    ['a symbol', Symbol('s')],
    ['a function', () => 1],
    ['a symbol in an array', [[Symbol('s')]]],
    ['a function in a map', { a: () => 1 }],
    ['a value that contains itself', cyclic],
    ['a getter that throws', Object.defineProperty({}, 'a', { enumerable: true, get: () => expect.fail('not readable') })],
  ])('%s is rejected, and not sent', async (_, p) => {
    const failure = await manager.service.query({ query: 'SELECT {p: String}', query_params: { p } }).catch(parseFailure);
    expect(failure).toBeInstanceOf(InvalidArgumentError);
    if (failure instanceof InvalidArgumentError) expect(outcomeOf(failure)).toBe('never-sent');
  });

  it('are read at the call: a later change has no effect', async () => {
    const values = [1];
    const pending = manager.service.query({ query: 'SELECT {p: Array(UInt8)} AS p', query_params: { p: values }, format: 'JSONEachRow' });
    values.push(2);
    expect(await (await pending).json()).toEqual([{ p: [1] }]);
  });
});
