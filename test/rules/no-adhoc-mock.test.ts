import rule from '../../rules/no-adhoc-mock.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/service.test.ts`;

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'a mock of another package', filename, code: `vi.mock('redis', () => ({ createClient: vi.fn() }));` },
    { name: 'a spy that lets calls through', filename, code: `import * as ch from './factory.js';\nvi.spyOn(ch, 'client');` },
    {
      name: 'the double of the runtime',
      filename,
      code: `import { createTestService } from '@clickhouse-ssot/runtime/testing';\nvi.mock('./factory.js', () => ({ client: createTestService() }));`,
    },
  ],
  invalid: [
    {
      name: 'a mock of the package, reported at its name',
      filename,
      code: `import { vi } from 'vitest';\nvi.mock('@clickhouse/client', () => ({ createClient: vi.fn() }));`,
      errors: [{ messageId: 'module', line: 2, column: 9, endLine: 2, endColumn: 29 }],
    },
    {
      name: 'a mock of the factory',
      filename,
      code: `vi.mock('./factory.js');`,
      errors: [{ messageId: 'module', line: 1, column: 9, endLine: 1, endColumn: 23 }],
    },
    {
      name: 'a stub of an export, reported at its name',
      filename,
      code: `const sinon = require('sinon');\nconst ch = require('@clickhouse/client');\nsinon.stub(ch, 'createClient').returns({ query() {} });`,
      errors: [{ messageId: 'member', line: 3, column: 16, endLine: 3, endColumn: 30 }],
    },
    {
      name: 'a cast, reported at the type',
      filename,
      code: `import type { ClickHouseClient } from '@clickhouse/client';\nexport const fake = { query: vi.fn() } as unknown as ClickHouseClient;`,
      errors: [{ messageId: 'cast', line: 2, column: 54, endLine: 2, endColumn: 70 }],
    },
  ],
});
