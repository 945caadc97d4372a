import type { Pair } from './pair.js';

/** An accessor without a flag, and a manager for each tenant that calls it back. */
function tenants(name: string, why: string, module: string, body: string): Pair {
  return {
    name,
    why,
    path: ['getClient', 'Manager.take'],
    settings: { accessors: [{ module: 'client.ts', name: 'getClient' }] },
    files: {
      'client.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { managerOf } from './manager.js';
export async function getClient(tenant: string): Promise<ClickHouseClient> {
  return managerOf(tenant).take();
}`,
      'manager.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { getClient } from './client.js';
${module}
class Manager {
  constructor(private readonly tenant: string) {}
  async take(): Promise<ClickHouseClient> {
    ${body}
  }
}
const managers = new Map<string, Manager>();
export function managerOf(tenant: string): Manager {
  const known = managers.get(tenant) ?? new Manager(tenant);
  managers.set(tenant, known);
  return known;
}`,
    },
  };
}

/** An accessor that counts how deep it is in its own calls. */
function depth(name: string, why: string, body: string): Pair {
  return {
    name,
    why,
    path: ['getClient', 'open'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { open } from './manager.js';
let depth = 0;
export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (options.bypassManager) return createClient();
  ${body}
}`,
      'manager.ts': `import { getClient } from './client.js';\nexport async function open() { return await getClient(); }`,
    },
  };
}

/** Programs in which a variable or a collection remembers that a call is under way. */
export const onceGuards: readonly Pair[] = [
  tenants(
    'a Set of tenants that are being opened',
    'The second call finds the tenant in the set.',
    'const opening = new Set<string>();',
    'if (opening.has(this.tenant)) return createClient();\n    «→opening.add(this.tenant);»\n    return getClient(this.tenant);',
  ),
  tenants(
    'a tenant that leaves the Set too early',
    'A guard that is reset before the call ends nothing.',
    'const opening = new Set<string>();',
    'if (opening.has(this.tenant)) return createClient();\n    opening.add(this.tenant);\n    «opening.delete(this.tenant);→»\n    return getClient(this.tenant);',
  ),
  tenants(
    'a Set that a finally block clears',
    'The block runs after the call.',
    'const opening = new Set<string>();',
    `if (opening.has(this.tenant)) return createClient();
    «→opening.add(this.tenant);»
    try {
      return await getClient(this.tenant);
    } finally {
      opening.delete(this.tenant);
    }`,
  ),
  tenants(
    'a Set made for each call',
    'It does not outlive the call.',
    'const shared = new Set<string>();',
    'const opening = «new Set<string>()→shared»;\n    if (shared.has(this.tenant)) return createClient();\n    «opening→shared».add(this.tenant);\n    return getClient(this.tenant);',
  ),
  tenants(
    'a Map of clients',
    'The client is in the map before the call.',
    'const clients = new Map<string, ClickHouseClient>();',
    `const known = clients.get(this.tenant);
    if (known) return known;
    «→clients.set(this.tenant, createClient());»
    return getClient(this.tenant);`,
  ),
  tenants(
    'a record of clients',
    'The client is in the record before the call.',
    'const clients: Record<string, ClickHouseClient> = {};',
    `if (clients[this.tenant]) return clients[this.tenant]!;
    «→clients[this.tenant] = createClient();»
    return getClient(this.tenant);`,
  ),
  depth(
    'a depth that a finally block decreases',
    'The block runs after the call.',
    'if (depth > 0) return createClient();\n  «→depth++;»\n  try { return await open(); } finally { depth--; }',
  ),
  depth(
    'a depth that is decreased too early',
    'A guard that is reset before the call ends nothing.',
    'if (depth >= 1) return createClient();\n  depth += 1;\n  «depth -= 1;→»\n  try { return await open(); } finally { «→depth -= 1;» }',
  ),
  depth(
    'a depth that must be zero',
    'The second call finds another number.',
    'if (depth === 0) { «→depth++;» try { return await open(); } finally { depth--; } }\n  return createClient();',
  ),
];
