import type { ConcreteType } from '../src/model/service/concrete-type.js';
import type { RuleContext } from '../src/rule/rule-context.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'use-service-interface',
  description: 'Require the service interface as the declared type, in place of the concrete ClickHouse client.',
  preset: 'strict',
  fixable: true,
  messages: {
    client:
      'The declared type `{{type}}` is the concrete client of "{{package}}", which ties this code to one way to connect. Expected: {{service}}. {{advice}}',
    manager:
      'The declared type `{{type}}` can drain and rotate the connections of the process, and this code only runs statements. Expected: {{service}}. Take the service as the parameter, and let the caller pass `manager.service`.',
  },

  *check(context) {
    for (const found of context.model.concreteTypes()) {
      const { span, kind, text, package: name, fix } = found;
      const data = { type: text, package: name, service: serviceText(found, context), advice: adviceFor(found) };
      yield { span, messageId: kind, data, ...(fix ? { fix } : {}) };
    }
  },
});

function serviceText({ service: { name, file, module } }: ConcreteType, { pathOf }: RuleContext): string {
  const where = file === undefined ? module : pathOf(file);
  return name === undefined ? `the service interface, as in "${where}"` : `\`${name}\` of "${where}"`;
}

function adviceFor({ missing }: ConcreteType): string {
  if (missing.length === 0) return 'Declare the interface here.';
  const names = missing.map((member) => `\`${member}\``).join(', ');
  return `The interface lacks ${names}, which this code uses: add it there, or move this code to the module that makes the client.`;
}
