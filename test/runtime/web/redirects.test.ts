import { describe, expect, it } from 'vitest';
import { outcomeOf, StatementError } from '../../../runtime/src/web.js';
import { answer, serviceAnswering } from './service-answering.js';

const location = { location: 'https://elsewhere:8443/' };
const row = { table: 't', values: [{ card: '4111' }], format: 'JSONEachRow' } as const;

/** Returns the answer of a browser to a redirect that it does not follow: it hides status and headers. */
function hiddenRedirect(): Response {
  const hidden = { type: { value: 'opaqueredirect' }, status: { value: 0 }, ok: { value: false } };
  return Object.defineProperties(new Response(null), hidden);
}

describe('a redirect', () => {
  it('is not followed: rows and credentials go to no other server', async () => {
    const redirects: unknown[] = [];
    const send: typeof fetch = (_input, init) => {
      redirects.push(init?.redirect);
      return Promise.resolve(new Response(''));
    };
    await serviceAnswering(send).insert(row);
    expect(redirects).toEqual(['manual']);
  });

  it.each([301, 302, 303, 304, 307, 308])('%i refuses a statement', async (status) => {
    const service = serviceAnswering(answer(null, { status, headers: location }));
    const expected = { kind: 'GatewayError', httpStatus: status };
    await expect(service.insert(row)).rejects.toMatchObject(expected);
    await expect(service.command({ query: 'DROP TABLE t' })).rejects.toMatchObject(expected);
    await expect(service.query({ query: 'SELECT 1' })).rejects.toMatchObject(expected);
  });

  it('refuses a statement in a browser as well, which hides the status', async () => {
    const failure: unknown = await serviceAnswering(() => Promise.resolve(hiddenRedirect()))
      .insert(row)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'GatewayError' });
    expect(failure instanceof StatementError && outcomeOf(failure)).toBe('refused');
  });
});
