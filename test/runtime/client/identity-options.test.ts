import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  describeConfig,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { type Credentials, keepCredentialsFresh, loadClickHouseConfigWithSecrets } from '../../../runtime/src/secrets.js';
import { fakeServer } from '../harness/fake-server.js';

interface SeenRequest {
  readonly path: string;
  readonly authorization: string | undefined;
}

const serverThatRecords = (seen: SeenRequest[]) =>
  fakeServer((response, request: IncomingMessage) => {
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization });
    response.end('1\n');
  });

it('path, roles and access token reach the server, also with a ping', async () => {
  const seen: SeenRequest[] = [];
  await using server = await serverThatRecords(seen);
  const config = loadClickHouseConfig({ url: server.url, pathname: 'clickhouse/', role: ['reader', 'writer'], accessToken: 'a.b-c' }, {});
  const factory = new ClickHouseConnectionFactory();
  const client = await factory.create(config);
  await client.command({ query: 'SELECT 1' });
  await client.ping();
  await factory.close();
  expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer a.b-c', 'Bearer a.b-c']);
  expect(seen[0]?.path).toMatch(/^\/clickhouse\?.*role=reader&role=writer/);
  expect(seen[1]?.path).toBe('/clickhouse/ping');
  expect(JSON.stringify([config, describeConfig(config)])).not.toContain('a.b-c');
});

it('configurations that differ in path, roles or token have clients of their own', async () => {
  const factory = new ClickHouseConnectionFactory();
  const clientOf = (input: object) => factory.create(loadClickHouseConfig({ url: 'http://h', ...input }, {}));
  const inputs = [{}, { pathname: '/a' }, { role: 'a' }, { role: ['a', 'b'] }, { accessToken: 'a' }, { accessToken: 'b' }];
  const clients = await Promise.all([...inputs, { accessToken: 'b' }].map(clientOf));
  expect(new Set(clients).size).toBe(inputs.length);
  await factory.close();
});

it('an access token of a secret source is used, and is renewed while the manager runs', async () => {
  const seen: SeenRequest[] = [];
  await using server = await serverThatRecords(seen);
  let secret: Credentials = { accessToken: 'first' };
  const source = { get: () => Promise.resolve(secret), describe: () => 'token-store' };
  const config = await loadClickHouseConfigWithSecrets({ url: server.url, passwordFrom: source }, false);
  expect(config.provenance).toMatchObject({ accessToken: 'secret: token-store' });
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  using fresh = keepCredentialsFresh(manager, source);
  await manager.service.command({ query: 'SELECT 1' });
  secret = { accessToken: 'second' };
  expect(await fresh.refresh()).toBe(true);
  expect(await fresh.refresh()).toBe(false);
  await manager.service.command({ query: 'SELECT 2' });
  await manager.close();
  expect([seen[0]?.authorization, seen.at(-1)?.authorization]).toEqual(['Bearer first', 'Bearer second']);
});

it.each<[string, object, object, string]>([
  ['an access token beside a user', { username: 'reader' }, { accessToken: 'a' }, 'an access token in store'],
  ['an access token with a password', {}, { accessToken: 'a', password: 'hunter2' }, 'an access token together with a user or password'],
  ['a token that no header can hold', {}, { accessToken: 'hunter2\n hunter2' }, 'an "accessToken" that is no token in store'],
])('a secret source with %s is rejected', async (_, input, secret, found) => {
  const passwordFrom = { get: () => Promise.resolve(secret as Credentials), describe: () => 'store' };
  const error: unknown = await loadClickHouseConfigWithSecrets({ url: 'http://h', ...input, passwordFrom }, false).catch(
    (failure: unknown) => failure,
  );
  expect(String(error)).toContain(found);
  expect(String(error)).not.toContain('hunter2');
});
