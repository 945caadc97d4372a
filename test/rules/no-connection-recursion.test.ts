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
    { name: 'the bypass ends the cycle', filename, code: manager('getClient({ bypassManager: true })') },
    { name: 'the manager calls no accessor', filename, code: manager('undefined') },
    { name: 'a stack trace that begins at the caller of the accessor', filename, code: manager('Error.captureStackTrace({}, getClient)') },
    {
      name: 'a caller of the accessor outside the cycle',
      filename: `${fixture('rule-tester')}/src/service.ts`,
      code: `import { getClient } from './accessor.js'; getClient();`,
    },
  ],
  invalid: [
    {
      name: 'the message has the path, the repair, and the condition that ends the recursion',
      filename,
      code: manager('getClient()'),
      errors: [
        {
          messageId: 'recursion',
          data: {
            accessor: 'getClient',
            remedy:
              'Pass "bypassManager" here: then `options.bypassManager` (src/accessor.ts:8) ends the recursion. Or pass a factory to the called code, so that it does not call the accessor.',
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
