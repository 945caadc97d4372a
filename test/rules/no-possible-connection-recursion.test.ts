import rule from '../../rules/no-possible-connection-recursion.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/manager.ts`;

function manager(call: string): string {
  return `import { getClient } from './accessor.js';\nimport { complete } from 'some-library';\nexport class Manager {\n  take(label: string) {\n    return ${call};\n  }\n}\n`;
}

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'a proven cycle is of the other rule', filename, code: manager('getClient()') },
    { name: 'the bypass ends the cycle', filename, code: manager('getClient({ ...complete({}), bypassManager: true })') },
    {
      name: 'what is not understood does not decide the cycle, so it is proven',
      filename,
      code: manager('(complete({ compress: true }).compress, getClient())'),
    },
  ],
  invalid: [
    {
      name: 'the message names the expression that is not understood and its place',
      filename,
      code: manager('getClient(complete({ bypassManager: true }))'),
      errors: [
        {
          messageId: 'possible',
          data: {
            accessor: 'getClient',
            doubt:
              'Whether it does depends on `complete({ bypassManager: true })` (src/manager.ts:5), which the analysis does not understand.',
            remedy:
              'Pass "bypassManager" here: then `options.bypassManager` (src/accessor.ts:8) ends the recursion. Or pass a factory to the called code, so that it does not call the accessor.',
            path: '  getClient (src/accessor.ts:9)\n  -> Manager.take (src/manager.ts:5)\n  -> getClient',
          },
          line: 5,
          column: 12,
          endLine: 5,
          endColumn: 21,
        },
      ],
    },
  ],
});
