import { describe } from 'vitest';
import { httpFront } from './http-front/front.js';
import { guardedPassword, realServer, type RealServer } from './real-server.js';
import { onRealServer, serverBinary } from './server-binary.js';

/** Starts the HTTP front over chDB: a server of today's ClickHouse, with the users of the real one. */
export function frontServer(): Promise<RealServer> {
  return httpFront({ users: [{ name: 'guarded', password: guardedPassword }] });
}

/** Declares the tests twice: with the installed server, which is old, and with the HTTP front over chDB. */
export function describeOnServers(declareTests: (startServer: () => Promise<RealServer>) => void): void {
  describe.skipIf(serverBinary() === undefined)(onRealServer, () => declareTests(() => realServer()));
  describe('on the HTTP front over chDB', () => declareTests(frontServer));
}
