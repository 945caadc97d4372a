import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { keepCredentialsFresh, type SecretSource } from '../../../runtime/src/secrets.js';
import { guardedPassword, realServer, type RealServer } from '../harness/real-server.js';
import { onRealServer, serverBinary } from '../harness/server-binary.js';

const whoAmI = { query: 'SELECT DISTINCT user AS name FROM system.processes', format: 'JSONEachRow' } as const;

describe.skipIf(serverBinary() === undefined)(onRealServer, () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await realServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  function managerWith(password: string): ClickHouseConnectionManager {
    const config = loadClickHouseConfig({ url: server.url, username: 'guarded', password }, {});
    return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  }

  function sourceOf(password: string): SecretSource & { asked: number } {
    const source = {
      asked: 0,
      get: () => {
        source.asked++;
        return Promise.resolve(password);
      },
      describe: () => 'a source',
    };
    return source;
  }

  it('fault 13: whoever is refused for an old password is let in by the one of the source, after one question for all', async () => {
    const manager = managerWith('wrong');
    const source = sourceOf(guardedPassword);
    using fresh = keepCredentialsFresh(manager, source);
    const results = await Promise.all(Array.from({ length: 10 }, () => manager.service.query(whoAmI)));
    for (const result of results) expect(await result.json()).toEqual([{ name: 'guarded' }]);
    expect(source.asked).toBe(1);
    await manager.close();
  });

  it('fault 13: where the source has the same wrong password, it is asked once, and the refusal is told', async () => {
    const manager = managerWith('wrong');
    const source = sourceOf('wrong');
    using fresh = keepCredentialsFresh(manager, source);
    for (let time = 0; time < 3; time++) await expect(manager.service.query(whoAmI)).rejects.toThrow(AuthenticationError);
    expect(source.asked).toBe(1);
    await manager.close();
  });
});
