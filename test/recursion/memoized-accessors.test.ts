import { describe, expect, it } from 'vitest';
import { type Program, recursionsOf } from './recursions-of.js';

const memoizers = [
  ['React', `import { cache } from 'react';`, 'cache'],
  ['lodash', `import _ from 'lodash';`, '_.memoize'],
  ['p-memoize', `import pMemoize from 'p-memoize';`, 'pMemoize'],
  ['Next.js', `import { unstable_cache } from 'next/cache';`, 'unstable_cache'],
] as const;

function programOf(imports: string, memoize: string, options: string, settings: Program = {}): Program {
  return {
    ...settings,
    'db.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { loadSettings } from './manager.js';
${imports}
export const getClickHouseClient = ${memoize}(async (options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> => {
  if (!options.bypassManager) await loadSettings();
  return createClient();
});
`,
    'manager.ts': `import { getClickHouseClient } from './db.js';
export async function loadSettings() { return (await getClickHouseClient(${options})).ping(); }
`,
  };
}

const settings: Program = {
  'clickhouse-ssot.config.json': JSON.stringify({
    accessors: [{ module: 'db.ts', name: 'getClickHouseClient', bypass: { parameter: 'bypassManager', value: true } }],
  }),
};

describe.each(memoizers)('an accessor in a memoizer of %s', (_, imports, memoize) => {
  it('recurses through its manager', () => {
    const [found, declared] = recursionsOf([programOf(imports, memoize, ''), programOf(imports, memoize, '', settings)]);
    expect(found).toHaveLength(1);
    expect(declared).toHaveLength(1);
  });

  it('does not recurse if the manager sets the bypass', () => {
    const bypassed = '{ bypassManager: true }';
    expect(recursionsOf([programOf(imports, memoize, bypassed), programOf(imports, memoize, bypassed, settings)]).flat()).toEqual([]);
  });
});
