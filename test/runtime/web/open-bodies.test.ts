import { describe, expect, it } from 'vitest';
import type { WebClickHouseService, WebConfigInput } from '../../../runtime/src/web.js';
import { openBody, ownHeaders, serviceAnswering } from './service-answering.js';

const row = { table: 't', values: [{ id: 1 }], format: 'JSONEachRow' } as const;

type Run = (service: WebClickHouseService, abort_signal?: AbortSignal) => Promise<unknown>;
const insert: Run = (service, abort_signal) => service.insert({ ...row, ...(abort_signal && { abort_signal }) });
const command: Run = (service, abort_signal) => service.command({ query: 'CREATE TABLE t', ...(abort_signal && { abort_signal }) });
const query: Run = (service, abort_signal) => service.query({ query: 'SELECT 1', ...(abort_signal && { abort_signal }) });

const cases: readonly (readonly [string, Run, number])[] = [
  ['an insert', insert, 200],
  ['a command', command, 200],
  ['an error of an insert', insert, 500],
  ['an error of a command', command, 500],
  ['an error of a query', query, 500],
  ['a redirect', query, 302],
];

/** Returns a service whose `fetch` drops the signal. Its responses have a body that does not end, except that of `KILL QUERY`. */
function serviceWithOpenBody(status: number, input: WebConfigInput = {}) {
  const { body, isCancelled } = openBody('Code: 241.');
  const service = serviceAnswering((_input, init) => {
    const isKill = typeof init?.body === 'string' && init.body.startsWith('KILL');
    return Promise.resolve(isKill ? new Response('') : new Response(body, { status, headers: ownHeaders }));
  }, input);
  return { service, isCancelled };
}

describe.each(cases)('the body of %s, behind a fetch that drops the signal', (_, run, status) => {
  it('ends at the deadline', async () => {
    const { service, isCancelled } = serviceWithOpenBody(status, { deadlineMs: 20 });
    await expect(run(service)).rejects.toMatchObject({ kind: 'DeadlineExceededError' });
    expect(isCancelled()).toBe(true);
  });

  it('ends when the caller aborts', async () => {
    const { service, isCancelled } = serviceWithOpenBody(status);
    const controller = new AbortController();
    const done = run(service, controller.signal);
    await new Promise(setImmediate);
    controller.abort(new Error('the user left'));
    await expect(done).rejects.toMatchObject({ kind: 'AbortedError', cause: { message: 'the user left' } });
    expect(isCancelled()).toBe(true);
  });
});

it.each(cases.filter(([, run, status]) => run !== command || status !== 200))(
  'the body of %s counts for requestTimeoutMs',
  async (_, run, status) => {
    const { service } = serviceWithOpenBody(status, { requestTimeoutMs: 20 });
    const failure: unknown = await run(service).catch((error: unknown) => error);
    const expected = { kind: 'TimeoutError' };
    expect(failure).toMatchObject(run === query ? expected : { kind: 'AmbiguousWriteError', cause: expected });
  },
);

it('an error whose body is cut has the code of its header', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
  const headers = { ...ownHeaders, 'x-clickhouse-exception-code': '57' };
  const service = serviceAnswering(() => Promise.resolve(new Response(body, { status: 500, headers })));
  await expect(command(service)).rejects.toMatchObject({ kind: 'ServerError', clickhouseCode: 57 });
});
