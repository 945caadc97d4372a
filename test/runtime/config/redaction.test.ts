import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { fakeServer } from '../harness/fake-server.js';

const [username, password] = ['reader', 'hunter2'];
const authorization = Buffer.from(`${username}:${password}`).toString('base64');

function outputsOf(value: unknown): string {
  return [...[undefined, 0, 2, 10].map((depth) => inspect(value, { depth })), JSON.stringify(value)].join('\n');
}

it('no log of a client, a result, its body, a session or a service contains credentials', async () => {
  await using server = await fakeServer((response) => void response.end('{"n":1}\n'));
  const factory = new ClickHouseConnectionFactory();
  const config = loadClickHouseConfig({ url: server.url, username, password }, {});
  const manager = new ClickHouseConnectionManager({ config, factory });
  const result = await manager.service.query({ query: 'SELECT 1', format: 'JSONEachRow' });
  const { stream, ...rest } = await manager.service.exec({ query: 'SELECT 1' });
  await using session = await manager.session();
  const client = await factory.create(config);
  const logs = [
    inspect(result),
    inspect(stream),
    inspect({ stream, ...rest }),
    outputsOf(client),
    outputsOf(manager.service),
    outputsOf(session),
    outputsOf(manager),
    outputsOf(factory),
  ];
  for (const log of logs) for (const secret of [password, authorization]) expect(log).not.toContain(secret);
  result.close();
  stream.destroy();
  await manager.close();
});
