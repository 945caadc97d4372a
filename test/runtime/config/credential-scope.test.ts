import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConfigError, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { type Address, sourcesOn } from '../harness/credential-sources.js';

const addresses: readonly Address[] = [
  { port: 8123, pathname: '/' },
  { port: 8124, pathname: '/' },
  { port: 8125, pathname: '/one' },
  { port: 8125, pathname: '/two' },
];

/** Returns what the configuration would send, or undefined if it is rejected. */
function sentBy(load: () => ReturnType<typeof loadClickHouseConfig>) {
  try {
    const { engine } = load();
    if (engine.kind === 'embedded') return undefined;
    const { endpoints, pathname = '/', username, password } = engine;
    const servers = endpoints.map((url) =>
      addresses.findIndex((each) => url === `http://127.0.0.1:${each.port}` && each.pathname === pathname),
    );
    return { servers, username, password: password.reveal() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return undefined;
  }
}

it('a password goes to no server and no user but those that it was set for, from any sources', () => {
  let [loaded, used] = [0, 0];
  fc.assert(
    fc.property(sourcesOn(addresses), ({ input, env, tags }) => {
      const sent = sentBy(() => loadClickHouseConfig(input, env));
      if (!sent) return;
      loaded++;
      expect(sent.servers).not.toContain(-1);
      const isFor = (tag: (typeof tags)[number]) =>
        (tag.servers === undefined || sent.servers.every((server) => tag.servers?.includes(server) === true)) &&
        (tag.user === undefined || tag.isUserOpen || tag.user === sent.username);
      const [first] = tags;
      if (first && isFor(first) && !first.isUserOpen) expect(sent.password).toBe(first.password);
      if (sent.password === '') return;
      used++;
      const tag = tags.find(({ password }) => password === sent.password);
      expect(tag && isFor(tag), `${sent.password} for ${sent.username} at ${sent.servers.join()}`).toBe(true);
    }),
    { numRuns: 4_000 },
  );
  // Otherwise the property would hold for a configuration that rejects or drops everything.
  expect(loaded).toBeGreaterThan(1_500);
  expect(used).toBeGreaterThan(800);
});
