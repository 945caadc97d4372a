import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AuthenticationError,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  loadClickHouseConfig,
} from '../../../runtime/src/index.js';
import { keepCredentialsFresh, type SecretSource } from '../../../runtime/src/secrets.js';
import { guardedPassword, type RealServer } from '../harness/real-server.js';
import { describeOnServers } from '../harness/test-servers.js';

const selectUser = { query: 'SELECT DISTINCT user AS name FROM system.processes', format: 'JSONEachRow' } as const;

describeOnServers((startServer) => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  function managerWith(password: string): ClickHouseConnectionManager {
    const config = loadClickHouseConfig({ url: server.url, username: 'guarded', password }, {});
    return new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  }

  function sourceOf(password: string): SecretSource & { reads: number } {
    const source = {
      reads: 0,
      get: () => {
        source.reads++;
        return Promise.resolve(password);
      },
      describe: () => 'a source',
    };
    return source;
  }

  it('fault 13: after an old password is rejected, the source is read once, and all statements succeed', async () => {
    const manager = managerWith('wrong');
    const source = sourceOf(guardedPassword);
    using fresh = keepCredentialsFresh(manager, source);
    const results = await Promise.all(Array.from({ length: 10 }, () => manager.service.query(selectUser)));
    for (const result of results) expect(await result.json()).toEqual([{ name: 'guarded' }]);
    expect(source.reads).toBe(1);
    await manager.close();
  });

  it('fault 13: a statement that is sent again with the new password has a query id of its own', async () => {
    const manager = managerWith('wrong');
    using fresh = keepCredentialsFresh(manager, sourceOf(guardedPassword));
    const result = await manager.service.query({ query: 'SELECT query_id FROM system.processes', format: 'JSONEachRow', query_id: 'own' });
    expect(await result.json()).toEqual([{ query_id: 'own.2' }]);
    await manager.close();
  });

  it('fault 13: if the source has the same wrong password, it is read once, and the statements fail', async () => {
    const manager = managerWith('wrong');
    const source = sourceOf('wrong');
    using fresh = keepCredentialsFresh(manager, source);
    for (let time = 0; time < 3; time++) await expect(manager.service.query(selectUser)).rejects.toThrow(AuthenticationError);
    expect(source.reads).toBe(1);
    await manager.close();
  });
});
