import { caught, type ErrorTextProgram } from './program.js';

/** Matches beside the module that tells errors apart for the whole program, and in helpers that are none. */
export const centralHelper: readonly ErrorTextProgram[] = [
  {
    name: 'a further match beside the one helper',
    files: {
      'src/errors.ts': `export const isMissing = (error: unknown): boolean => String(error).includes('UNKNOWN_TABLE');\n`,
      'src/first.ts': caught('    if (isMissing(error)) return [];', undefined, "import { isMissing } from './errors';"),
      'src/second.ts': caught('    if (isMissing(error)) return [];', undefined, "import { isMissing } from './errors';"),
      'src/job.ts': caught("    if (error.message.includes('UNKNOWN_TABLE')) return [];"),
    },
    found: ['src/job.ts:7'],
  },
  {
    name: 'a helper that one module uses',
    files: {
      'src/errors.ts': `export const isMissing = (error: unknown): boolean => String(error).includes('UNKNOWN_TABLE');\n`,
      'src/job.ts': caught('    if (isMissing(error)) return [];', undefined, "import { isMissing } from './errors';"),
    },
    found: ['src/errors.ts:1'],
  },
  {
    name: 'a module that runs statements for two others is no helper',
    files: {
      'src/run.ts': caught("    if (error.message.includes('ETIMEDOUT')) return job(attempt + 1);"),
      'src/first.ts': `import { job } from './run';\nexport const first = () => job();\n`,
      'src/second.ts': `import { job } from './run';\nexport const second = () => job();\n`,
    },
    found: ['src/run.ts:7'],
  },
  {
    name: 'one class with static predicates, through a barrel',
    files: {
      'src/errors/click.ts': `export class Click {\n  static isMissing(error: Error): boolean {\n    return Click.#has(error, 'UNKNOWN_TABLE');\n  }\n  static #has(error: Error, text: string): boolean {\n    return error.message.includes(text);\n  }\n}\n`,
      'src/errors/index.ts': `export * from './click';\n`,
      'src/first.ts': caught('    if (Click.isMissing(error)) return [];', undefined, "import { Click } from './errors';"),
      'src/second.ts': caught('    if (Click.isMissing(error)) return [];', undefined, "import { Click } from './errors';"),
    },
    found: [],
  },
  {
    name: 'one function that names the kind of an error',
    files: {
      'src/kinds.ts': `export function kindOf(error: unknown): string {\n  const text = String(error);\n  if (text.includes('MEMORY_LIMIT_EXCEEDED')) return 'memory';\n  return /timeout/i.test(text) ? 'time' : 'other';\n}\n`,
      'src/first.ts': caught("    if (kindOf(error) === 'memory') return [];", undefined, "import { kindOf } from './kinds';"),
      'src/second.ts': caught("    switch (kindOf(error)) { case 'time': return []; }", undefined, "import { kindOf } from './kinds';"),
    },
    found: [],
  },
  {
    name: 'of two helpers the one with fewer users',
    files: {
      'src/errors.ts': `export const isMissing = (error: unknown): boolean => String(error).includes('UNKNOWN_TABLE');\n`,
      'src/failures.ts': `export const isBusy = (error: unknown): boolean => String(error).includes('TOO_MANY_PARTS');\n`,
      'src/first.ts': caught(
        '    if (isMissing(error) || isBusy(error)) return [];',
        undefined,
        "import { isMissing } from './errors'; import { isBusy } from './failures';",
      ),
      'src/second.ts': caught(
        '    if (isMissing(error) || isBusy(error)) return [];',
        undefined,
        "import { isMissing } from './errors'; import { isBusy } from './failures';",
      ),
      'src/third.ts': caught('    if (isMissing(error)) return [];', undefined, "import { isMissing } from './errors';"),
    },
    found: ['src/failures.ts:1'],
  },
  {
    name: 'a helper of a package of the workspace',
    files: {
      'package.json': JSON.stringify({ name: 'all', private: true, workspaces: ['packages/*', 'apps/*'] }),
      'packages/errors/package.json': JSON.stringify({ name: '@all/errors', main: 'src/index.ts' }),
      'packages/errors/src/index.ts': `export const isMissing = (error: unknown): boolean => String(error).includes('UNKNOWN_TABLE');\n`,
      'apps/web/package.json': JSON.stringify({ name: '@all/web', dependencies: { '@all/errors': '*', '@clickhouse/client': '*' } }),
      'apps/web/src/rows.ts': `import { createClient } from '@clickhouse/client';\nimport { isMissing } from '@all/errors';\nconst client = createClient();\nexport const rows = () => client.query({}).catch((error) => (isMissing(error) ? [] : Promise.reject(error)));\n`,
      'apps/api/package.json': JSON.stringify({ name: '@all/api', dependencies: { '@all/errors': '*', '@clickhouse/client': '*' } }),
      'apps/api/src/rows.ts': `import { createClient } from '@clickhouse/client';\nimport { isMissing } from '@all/errors';\nconst client = createClient();\nexport const rows = () => client.query({}).catch((error) => (isMissing(error) ? [] : Promise.reject(error)));\n`,
    },
    found: [],
  },
];
