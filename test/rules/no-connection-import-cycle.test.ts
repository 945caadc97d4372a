import rule from '../../rules/no-connection-import-cycle.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/manager.ts`;

/** Returns a manager with the given import and body. The accessor imports the manager, so an import of the accessor closes a cycle. */
function manager(first: string, take: string): string {
  return `${first}\nexport class Manager {\n  async take() {\n    ${take}\n  }\n}\n`;
}

const importPlace = { line: 1, column: 27, endLine: 1, endColumn: 42 };

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'no import', filename, code: manager('', 'return undefined;') },
    {
      name: 'an import of a type',
      filename,
      code: manager(`import type { getClient } from './accessor.js';`, 'const get: typeof getClient | undefined = undefined; return get;'),
    },
    {
      name: 'an inline import of a type',
      filename,
      code: manager(`import { type getClient } from './accessor.js';`, 'const get: typeof getClient | undefined = undefined; return get;'),
    },
    {
      name: 'an import that is only used as a type',
      filename,
      code: manager(`import { getClient } from './accessor.js';`, 'const get: typeof getClient | undefined = undefined; return get;'),
    },
    {
      name: 'an inline `import()` type',
      filename,
      code: manager('', `const get: typeof import('./accessor.js').getClient | undefined = undefined; return get;`),
    },
    {
      name: 'an import of a module that imports nothing back',
      filename,
      code: manager(`import { client } from './factory.js';`, 'return client;'),
    },
    {
      name: 'a consumer',
      filename: `${fixture('rule-tester')}/src/service.ts`,
      code: `import { getClient } from './accessor.js'; export const client = getClient();`,
    },
    {
      name: 'a comment that mentions an import',
      filename,
      code: manager(`// import { getClient } from './accessor.js';`, 'return undefined;'),
    },
  ],
  invalid: [
    {
      name: 'a static import',
      filename,
      code: manager(`import { getClient } from './accessor.js';`, 'return getClient({ bypassManager: true });'),
      errors: [
        {
          messageId: 'cycle',
          ...importPlace,
          data: {
            count: '2',
            remedy:
              'manager.ts (manager) should not import accessor.ts (accessor), a higher layer. Receive `getClient` (used once here) as an argument, or move it to a module outside the cycle.',
            path: '  accessor.ts, accessor (src/accessor.ts:3)\n  -> manager.ts, manager (src/manager.ts:1)\n  -> accessor.ts',
          },
        },
      ],
    },
    {
      name: 'a dynamic import, which the path names as dynamic',
      filename,
      code: manager('', `const { getClient } = await import('./accessor.js'); return getClient({ bypassManager: true });`),
      errors: [
        {
          messageId: 'cycle',
          line: 4,
          data: {
            count: '2',
            remedy:
              'manager.ts (manager) should not import accessor.ts (accessor), a higher layer. Receive `getClient` (used once here) as an argument, or move it to a module outside the cycle.',
            path: '  accessor.ts, accessor (src/accessor.ts:3)\n  -> manager.ts, manager, by a dynamic import (src/manager.ts:4)\n  -> accessor.ts',
          },
        },
      ],
    },
    {
      name: 'a require',
      filename,
      code: manager(`const { getClient } = require('./accessor.js');`, 'return getClient({ bypassManager: true });'),
      errors: [{ messageId: 'cycle', line: 1 }],
    },
    {
      name: 'a require inside a function, which is no dynamic import',
      filename,
      code: manager('', `const { getClient } = require('./accessor.js'); return getClient({ bypassManager: true });`),
      errors: [
        {
          messageId: 'cycle',
          line: 4,
          data: {
            count: '2',
            remedy:
              'manager.ts (manager) should not import accessor.ts (accessor), a higher layer. Receive `getClient` (used once here) as an argument, or move it to a module outside the cycle.',
            path: '  accessor.ts, accessor (src/accessor.ts:3)\n  -> manager.ts, manager, by a require inside a function (src/manager.ts:4)\n  -> accessor.ts',
          },
        },
      ],
    },
    {
      name: 'a re-export',
      filename,
      code: manager(`export { getClient } from './accessor.js';`, 'return undefined;'),
      errors: [{ messageId: 'cycle', line: 1 }],
    },
    {
      name: 'an import for its effect',
      filename,
      code: manager(`import './accessor.js';`, 'return undefined;'),
      errors: [{ messageId: 'cycle', line: 1 }],
    },
  ],
});
