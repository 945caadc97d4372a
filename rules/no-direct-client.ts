import { defineRule } from '../src/rule/rule.js';
import type { Factories } from '../src/rule/factories.js';

export default defineRule({
  name: 'no-direct-client',
  description: 'Disallow constructing a ClickHouse client outside the factory.',
  preset: 'recommended',
  messages: {
    outside: '`{{constructor}}` of "{{package}}" is called outside the factory ({{factories}}). Get the client from the factory.',
    outsideInferred:
      '`{{constructor}}` of "{{package}}" is called outside the factory. {{factories}} was taken for the factory, because no other module that exports something constructs a client. Get the client from it. To declare it, set "factories": ["{{factories}}"] in clickhouse-ssot.config.json.',
    besideRuntime:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client outside @clickhouse-ssot/runtime, which is the factory of this project. Get the client from `getClickHouseClient`.',
    noFactory:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client, as several modules do, and the settings declare no factory. If {{factories}} is the factory, declare it in clickhouse-ssot.config.json: "factories": ["{{factories}}"].',
  },

  *check({ model, factories, isFactory, isTest }) {
    const report = reportFor(factories);
    if (!report) return;
    for (const { span, constructor } of model.constructions) {
      if (isFactory(span.file) || isTest(span.file)) continue;
      const data = { constructor: constructor.name, package: constructor.package, factories: report.factories };
      yield { span, messageId: report.messageId, data };
    }
  },
});

/** The message for a construction outside the factory, and the factory that it names. Undefined if each construction is allowed. */
function reportFor(
  factories: Factories,
): { readonly messageId: 'outside' | 'outsideInferred' | 'besideRuntime' | 'noFactory'; readonly factories: string } | undefined {
  switch (factories.kind) {
    case 'declared':
      return { messageId: 'outside', factories: factories.globs.join(', ') };
    case 'runtime':
      return { messageId: 'besideRuntime', factories: '' };
    case 'inferred':
      return { messageId: 'outsideInferred', factories: factories.file };
    case 'undecided':
      return { messageId: 'noFactory', factories: factories.candidates[0] ?? '' };
    case 'none':
      return undefined;
  }
}
