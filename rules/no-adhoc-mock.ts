import type { AdhocMock } from '../src/model/doubles/adhoc-mock.js';
import type { RuleContext } from '../src/rule/rule-context.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'no-adhoc-mock',
  description: 'Disallow test doubles of ClickHouse clients and factories that one test makes for itself.',
  preset: 'strict',
  messages: {
    module:
      '`{{by}}` replaces "{{module}}", which gives the client by `{{name}}`, with a double that this file makes for itself. Expected: one double that all tests share. {{advice}}',
    member:
      'In this test, {{by}} replaces `{{name}}` of "{{module}}" with a double that the file makes for itself. Expected: one double that all tests share. {{advice}}',
    cast: 'A hand-written double takes the type `{{by}}` here, the client of "{{module}}", so the compiler does not compare it with the client. Expected: one double that all tests share. {{advice}}',
    typed:
      'In this test, `{{by}}` makes a double of `{{name}}`, the client of "{{module}}", and the file writes its answers for itself. Expected: one double that all tests share. {{advice}}',
  },

  *check(context) {
    const { model } = context;
    const mocks = model.adhocMocks();
    if (mocks.length === 0) return;
    const advice = adviceFor(context);
    for (const { kind, span, by, name, module } of mocks) {
      const data = { by: kind === 'member' ? memberCall(by) : by, name, module: moduleName(module, context), advice };
      yield { span, messageId: kind, data };
    }
  },
});

function adviceFor({ model, service }: RuleContext): string {
  if (service.length > 0)
    return `Pass a shared double of the service interface to the code under test, and keep it in a module that "service" names: ${service.map((glob) => `"${glob}"`).join(', ')}.`;
  if (model.usesRuntime()) return 'Pass `createTestService()` of "@clickhouse-ssot/runtime/testing" to the code under test.';
  return 'Let the code under test take the client as a parameter of the type `ClickHouseService` of "@clickhouse-ssot/runtime", and pass `createTestService()` of "@clickhouse-ssot/runtime/testing".';
}

/** An assignment is no call with a name. */
function memberCall(by: string): string {
  return by === 'the assignment' ? 'an assignment' : `\`${by}\``;
}

function moduleName({ kind, name }: AdhocMock['module'], { pathOf }: RuleContext): string {
  return kind === 'module' ? pathOf(name) : name;
}
