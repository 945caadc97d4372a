import type { Pair } from './pair.js';

/** An accessor and a manager that calls it with the options that a library function returns. */
function options(name: string, why: string, imports: string, args: string): Pair {
  return program(name, why, 'if (!options.bypassManager) return manager.take();', { imports, args });
}

/** An accessor that asks a schema for its options, and a manager that calls it. */
function schema(name: string, why: string, imports: string, statement: string, args: string): Pair {
  return program(name, why, `${statement}\n  if (!parsed.bypassManager) return manager.take();`, { accessorImports: imports, args });
}

interface Parts {
  readonly imports?: string;
  readonly accessorImports?: string;
  readonly args: string;
}

function program(name: string, why: string, guard: string, { imports = '', accessorImports = '', args }: Parts): Pair {
  return {
    name,
    why,
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { manager } from './manager.js';
${accessorImports}
export function getClient(options: { bypassManager?: boolean } = {}): ClickHouseClient {
  ${guard}
  return createClient();
}`,
      'manager.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClient } from './client.js';
${imports}
class Manager {
  take(): ClickHouseClient {
    return getClient(${args});
  }
}
export const manager = new Manager();`,
    },
  };
}

/** Programs whose options pass through a function of a library. */
export const libraries: readonly Pair[] = [
  options(
    'lodash defaults',
    'The first argument wins.',
    "import { defaults } from 'lodash';",
    'defaults({ «label→bypassManager»: true }, { bypassManager: false })',
  ),
  options(
    'lodash merge',
    'The last argument wins.',
    "import _ from 'lodash';",
    '_.merge({ bypassManager: true }, { bypassManager: «false→true» })',
  ),
  options(
    'lodash pick',
    'Only the named keys remain.',
    "import { pick } from 'lodash';",
    "pick({ bypassManager: true, label: 'pool' }, ['label'«→, 'bypassManager'»])",
  ),
  options(
    'lodash omit',
    'The named key is gone.',
    "import omit from 'lodash/omit';",
    "omit({ bypassManager: true, label: 'pool' }, '«bypassManager→label»')",
  ),
  options(
    'lodash cloneDeep',
    'A copy has the same flag.',
    "import { cloneDeep } from 'lodash';",
    'cloneDeep({ bypassManager: «false→true» })',
  ),
  options(
    'Ramda mergeRight',
    'The right argument wins.',
    "import * as R from 'ramda';",
    'R.mergeRight({ bypassManager: true }, { bypassManager: «false→true» })',
  ),
  options(
    'deepmerge',
    'The second argument wins.',
    "import deepmerge from 'deepmerge';",
    'deepmerge({ bypassManager: true }, { bypassManager: «false→true» })',
  ),
  options(
    'defu',
    'The first argument wins.',
    "import { defu } from 'defu';",
    'defu({ bypassManager: «false→true» }, { bypassManager: true })',
  ),
  schema(
    'zod',
    'The schema keeps the flag.',
    "import { z } from 'zod';\nconst schema = z.object({ bypassManager: z.boolean().default(false) });",
    'const parsed = schema.parse(options);',
    '{ bypassManager: «false→true» }',
  ),
  schema(
    'the default of a zod schema',
    'The default decides what is absent.',
    "import { z } from 'zod';\nconst schema = z.object({ bypassManager: z.boolean().default(«false→true») }).strict();",
    'const parsed = schema.parse(options);',
    '{}',
  ),
  schema(
    'valibot',
    'The schema is an argument.',
    "import * as v from 'valibot';\nconst schema = v.object({ bypassManager: v.optional(v.boolean(), false) });",
    'const parsed = v.parse(schema, options);',
    '{ bypassManager: «false→true» }',
  ),
];
