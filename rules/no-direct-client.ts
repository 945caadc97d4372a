import type { RuleContext } from '../src/rule/rule-context.js';
import type { Construction } from '../src/model/connections/constructions.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'no-direct-client',
  description: 'Disallow constructing a ClickHouse client outside the factory.',
  incident: 'SSOT violation 1: five implementations of the same connection.',
  preset: 'recommended',
  messages: {
    outside: '`{{constructor}}` of "{{package}}" is called outside the factory ({{factories}}): ask the factory for the client.',
    besideRuntime:
      '`{{constructor}}` of "{{package}}" makes a ClickHouse client beside @clickhouse-ssot/runtime, which is the factory here: take the client from `getClickHouseClient`.',
    noFactory: '`{{constructor}}` of "{{package}}" makes a ClickHouse client here, and no factory is declared. {{advice}}',
  },

  *check(analysis) {
    for (const construction of analysis.model.constructions) {
      if (analysis.isFactory(construction.span.file)) continue;
      const { package: packageName, name } = construction.constructor;
      const data = { constructor: name, package: packageName, factories: analysis.factories.join(', '), advice: adviceFor(analysis) };
      yield { span: construction.span, messageId: messageFor(analysis), data };
    }
  },
});

/** Factories that are declared are all there are; where none is, the runtime is the one. */
function messageFor({ factories, usesRuntime }: RuleContext): 'outside' | 'besideRuntime' | 'noFactory' {
  if (factories.length > 0) return 'outside';
  return usesRuntime ? 'besideRuntime' : 'noFactory';
}

/** Names the module that is most likely the factory: of those that construct, the one that most files import. */
function adviceFor(analysis: RuleContext): string {
  const [likeliest] = factoryCandidates(analysis);
  return likeliest === undefined
    ? ''
    : `If ${likeliest} is the factory, say so in clickhouse-ssot.config.json: "factories": ["${likeliest}"].`;
}

function factoryCandidates({ model, locate, importersOf, isTest }: RuleContext): string[] {
  const files = new Map<string, Construction>(model.constructions.map((construction) => [construction.span.file, construction]));
  return [...files]
    .filter(([file]) => !isTest(file))
    .map(([file, { span }]) => ({ path: locate(span).file, importers: importersOf(file) }))
    .sort((a, b) => b.importers - a.importers || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}
