import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, ConfigError } from '../../../runtime/src/index.js';
import { loadClickHouseConfigWithSecrets } from '../../../runtime/src/secrets.js';
import { sourcesOn } from '../harness/credential-sources.js';
import { fakeServer } from '../harness/fake-server.js';

/** Credentials that arrived at a server. */
interface Arrival {
  readonly server: number;
  readonly username: string;
  readonly password: string;
}

function credentialsOf({ headers }: IncomingMessage): Pick<Arrival, 'username' | 'password'> {
  const text = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
  const at = text.indexOf(':');
  return { username: text.slice(0, at), password: text.slice(at + 1) };
}

it('a password arrives at no server and with no user but those that it was set for', async () => {
  const arrivals: Arrival[] = [];
  const listen = (serverOf: (path: string) => number) =>
    fakeServer((response, request) => {
      arrivals.push({ server: serverOf(request.url ?? ''), ...credentialsOf(request) });
      response.end('1\n');
    });
  await using first = await listen(() => 0);
  await using second = await listen(() => 1);
  await using proxy = await listen((path) => (path.startsWith('/one?') ? 2 : path.startsWith('/two?') ? 3 : -1));
  const portOf = ({ url }: { readonly url: string }) => Number(new URL(url).port);
  const addresses = [
    { port: portOf(first), pathname: '/' },
    { port: portOf(second), pathname: '/' },
    { port: portOf(proxy), pathname: '/one' },
    { port: portOf(proxy), pathname: '/two' },
  ];
  const passwordFrom = { get: () => Promise.resolve('from-the-source'), describe: () => 'source' };
  let withPassword = 0;
  await fc.assert(
    fc.asyncProperty(sourcesOn(addresses), async ({ input, env, tags }) => {
      arrivals.length = 0;
      const config = await loadClickHouseConfigWithSecrets({ ...input, passwordFrom }, env).catch((error: unknown) => {
        if (error instanceof ConfigError) return undefined;
        throw error;
      });
      if (config?.engine.kind !== 'server') return;
      const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
      // One statement on each server.
      for (const url of config.engine.endpoints) await manager.service.command({ query: `SELECT '${url}'` });
      await manager.close();
      expect(arrivals).toHaveLength(config.engine.endpoints.length);
      for (const { server, username, password } of arrivals) {
        expect(server).not.toBe(-1);
        if (password === 'from-the-source') continue;
        const tag = tags.find((each) => each.password === password);
        expect(tag, `an unknown password "${password}"`).toBeDefined();
        expect(tag?.servers ?? [server]).toContain(server);
        if (tag?.user !== undefined && !tag.isUserOpen) expect(username).toBe(tag.user);
        withPassword++;
      }
    }),
    { numRuns: 500 },
  );
  expect(withPassword).toBeGreaterThan(100);
});
