import { afterAll, beforeAll, describe } from 'vitest';
import type { RealServer } from '../harness/real-server.js';
import { describeOnServers } from '../harness/test-servers.js';
import { declareTests } from './declare-tests.js';

describeOnServers((startServer) => {
  describe('a test database on a server', () => {
    let server: RealServer;
    beforeAll(async () => void (server = await startServer()));
    afterAll(() => server[Symbol.asyncDispose]());
    declareTests(() => ({ url: server.url, env: false }));
  });
});
