import type { RuleContext } from '../src/rule/rule-context.js';
import type { Construction } from '../src/model/connections/constructions.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'no-direct-client',
  description: 'Disallow constructing a ClickHouse client outside the factory.',
  preset: 'recommended',
  messages: {
    outside: '`{{constructor}}` of "{{package}}" is called outside the factory ({{factories}}). Get the client from the factory.',
    missingFactory:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client, and the declared factory ({{factories}}) matches no source file. Correct "factories" in clickhouse-ssot.config.json.',
    besideRuntime:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client outside @clickhouse-ssot/runtime, which is the factory of this project. Get the client from `getClickHouseClient`.',
    noFactory: '`{{constructor}}` of "{{package}}" creates a ClickHouse client, and the settings declare no factory. {{advice}}',
  },

  *check(context) {
    const existing = existingFactories(context);
    for (const construction of context.model.constructions) {
      if (context.isFactory(construction.span.file)) continue;
      const { package: packageName, name } = construction.constructor;
      const factories = (existing.length > 0 ? existing : context.factories).join(', ');
      const data = { constructor: name, package: packageName, factories, advice: adviceFor(context) };
      yield { span: construction.span, messageId: messageFor(context, existing), data };
    }
  },
});

/** Declared factories exclude all others. If none is declared, the runtime is the factory of a project that uses it. */
function messageFor(
  { factories, usesRuntime }: RuleContext,
  existing: readonly string[],
): 'outside' | 'missingFactory' | 'besideRuntime' | 'noFactory' {
  if (factories.length > 0) return existing.length > 0 ? 'outside' : 'missingFactory';
  return usesRuntime ? 'besideRuntime' : 'noFactory';
}

function existingFactories({ factories, missingFactories }: RuleContext): string[] {
  const missing = missingFactories();
  return factories.filter((glob) => !missing.includes(glob));
}

/** Suggests the constructing module that most files import. */
function adviceFor(context: RuleContext): string {
  const [candidate] = factoryCandidates(context);
  return candidate === undefined
    ? 'Declare the factory in clickhouse-ssot.config.json, under "factories".'
    : `If ${candidate} is the factory, declare it in clickhouse-ssot.config.json: "factories": ["${candidate}"].`;
}

function factoryCandidates({ model, locate, importersOf, isTest }: RuleContext): string[] {
  const files = new Map<string, Construction>(model.constructions.map((construction) => [construction.span.file, construction]));
  return [...files]
    .filter(([file]) => !isTest(file))
    .map(([file, { span }]) => ({ path: locate(span).file, importers: importersOf(file) }))
    .sort((a, b) => b.importers - a.importers || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}
