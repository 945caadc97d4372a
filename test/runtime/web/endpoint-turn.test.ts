import { expect, it } from 'vitest';
import { createClickHouseService, loadClickHouseConfig, ServerState } from '../../../runtime/src/web.js';

/** Returns the hosts of the statements of one service for each request, as a Worker makes them. */
async function hostsOf(urls: readonly string[]): Promise<string[]> {
  const servers = new ServerState();
  const hosts: string[] = [];
  for (const url of urls) {
    const send: typeof fetch = (input) => {
      hosts.push(new URL(input instanceof Request ? input.url : input).hostname);
      return Promise.resolve(new Response('1\n'));
    };
    const service = createClickHouseService({ config: loadClickHouseConfig({ url }), servers, fetch: send });
    await (await service.query({ query: 'SELECT 1', format: 'CSV' })).text();
  }
  return hosts;
}

it('services that share a ServerState send to all servers in turn', async () => {
  const url = 'http://a:8123,http://b:8123,http://c:8123';
  expect(await hostsOf(Array.from({ length: 6 }, () => url))).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});

it('services of other servers have turns of their own', async () => {
  const ab = 'http://a:8123,http://b:8123';
  const cd = 'http://c:8123,http://d:8123';
  expect(await hostsOf([ab, cd, ab, cd, ab, cd])).toEqual(['a', 'c', 'b', 'd', 'a', 'c']);
});
