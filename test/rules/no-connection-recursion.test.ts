import rule from '../../rules/no-connection-recursion.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/manager.ts`;

function manager(call: string): string {
  return `import { getClient } from './accessor.js';\nexport class Manager {\n  take() {\n    return ${call};\n  }\n}\n`;
}

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'the bypass cuts the circle', filename, code: manager('getClient({ bypassManager: true })') },
    { name: 'the manager asks nobody', filename, code: manager('undefined') },
    {
      name: 'a user of the accessor is on no circle',
      filename: `${fixture('rule-tester')}/src/service.ts`,
      code: `import { getClient } from './accessor.js'; getClient();`,
    },
  ],
  invalid: [
    {
      name: 'the path is told, hop by hop, what to do, and which condition ends the circle then',
      filename,
      code: manager('getClient()'),
      errors: [
        {
          messageId: 'recursion',
          data: {
            accessor: 'getClient',
            remedy:
              'Pass "bypassManager" here: then `options.bypassManager` (src/accessor.ts:8) ends the circle. Or let the callee receive the factory.',
            path: '  getClient (src/accessor.ts:9)\n  -> Manager.take (src/manager.ts:4)\n  -> getClient',
          },
          line: 4,
          column: 12,
          endLine: 4,
          endColumn: 21,
        },
      ],
    },
  ],
});
