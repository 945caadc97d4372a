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

/** Programs in which a collection remembers that a call is under way. */
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
];
