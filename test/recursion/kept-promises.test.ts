import { describe, expect, it } from 'vitest';
import { findingsOf } from './recursions-of.js';

const proven = 'no-connection-recursion';
const possible = 'no-possible-connection-recursion';

/** A pool that keeps the promise of a client, and a manager that requests the client from the accessor. */
function programOf(open: string, request: string) {
  return {
    'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { open } from './pool.js';
export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (options.bypassManager) return createClient();
  return await open();
}`,
    'pool.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { take } from './manager.js';
const clients = new Map<string, Promise<ClickHouseClient>>();
let kept: Promise<ClickHouseClient> | undefined;
export async function open(): Promise<ClickHouseClient> {
  ${open}
}`,
    'manager.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { getClient } from './client.js';
let isStarted = false;
export async function take(): Promise<ClickHouseClient> {
  ${request}
}`,
  };
}

const [later, atOnce] = ['await null;\n  return getClient();', 'return getClient();'];
const once = `await null;\n  if (isStarted) return createClient();\n  isStarted = true;\n  return getClient();`;

function verdictsOf(open: string, request: string): string[] {
  const [found = []] = findingsOf([proven, possible], [programOf(open, request)]);
  return found.map(({ rule, message }) => `${rule}: ${message}`);
}

describe('a promise that is kept before it settles', () => {
  it.each([
    ['a variable with ??=', 'return (kept ??= take());', 'kept'],
    ['a variable with ??= and an inline function', 'return (kept ??= (async () => take())());', 'kept'],
    ['a variable under a condition', 'if (!kept) kept = take();\n  return kept;', 'kept'],
    ['a variable by way of a constant', 'if (kept) return kept;\n  const made = take();\n  kept = made;\n  return made;', 'kept'],
    [
      'a map',
      `const known = clients.get('a');\n  if (known) return known;\n  const made = take();\n  clients.set('a', made);\n  return made;`,
      'clients',
    ],
  ])('waits for itself, and the message says so: %s', (_, open, keeper) => {
    const message = `Through this call, the promise in \`${keeper}\` (0/pool.ts:`;
    expect(verdictsOf(open, later)).toEqual([expect.stringContaining(`${proven}: ${message}`)]);
  });

  it('may wait for itself although the call on the cycle runs only once', () => {
    expect(verdictsOf('return (kept ??= take());', once)).toEqual([
      expect.stringMatching(
        new RegExp(`^${possible}: Through this call, the promise in \`kept\` .* may wait for itself\\. A condition ends the cycle`),
      ),
    ]);
  });
});

describe('a promise that is not kept in time', () => {
  it.each([
    ['nothing is waited for before the accessor is called', 'return (kept ??= take());', atOnce],
    ['the variable is local', 'let made: Promise<ClickHouseClient> | undefined;\n  made ??= take();\n  return made;', later],
    ['it is awaited before it is kept', `const made = take();\n  await made;\n  clients.set('a', made);\n  return made;`, later],
  ])('is an endless call: %s', (_, open, request) => {
    expect(verdictsOf(open, request)).toEqual([expect.stringContaining(`${proven}: \`getClient\` calls itself`)]);
  });

  it('is no cycle if the call on it runs only once', () => {
    expect(verdictsOf('return take();', once)).toEqual([]);
    expect(verdictsOf('return (kept ??= take());', once.replace('await null;', ''))).toEqual([]);
  });
});
