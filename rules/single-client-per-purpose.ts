import { calleeSpan, spanOf, unwrap } from '../src/model/typescript/syntax.js';
import { isCall } from '../src/model/dataflow/normalize-call.js';
import type { DuplicateClient } from '../src/model/purposes/duplicate-clients.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'single-client-per-purpose',
  description: 'Disallow a second ClickHouse client for the same configuration in one program.',
  preset: 'recommended',
  messages: {
    duplicate:
      '`{{name}}` makes a second ClickHouse client with the configuration of the client in {{first}}, in the same program. Each client has a pool of sockets of its own. {{advice}}, or give this client the settings in which it differs.',
  },

  *check(context) {
    for (const { node, first, ...kept } of context.model.duplicateClients()) {
      const { file, line } = context.locate(spanOf(first));
      yield {
        span: calleeSpan(node),
        messageId: 'duplicate',
        data: {
          name: isCall(node) ? unwrap(node.expression).getText() : 'createClient',
          first: `${file}:${line}`,
          advice: adviceFor(kept),
        },
        path: [
          { name: 'the first client', span: spanOf(first) },
          { name: 'the second client', span: spanOf(node) },
        ],
      };
    }
  },
});

function adviceFor({ firstIs, isOfFactory }: Pick<DuplicateClient, 'firstIs' | 'isOfFactory'>): string {
  const client = isOfFactory ? 'the client of the factory' : 'the first client';
  switch (firstIs) {
    case 'here':
      return `Use ${client} here`;
    case 'exported':
      return `Import ${client} here`;
    case 'constant':
      return `Export ${client} and import it here`;
    case 'field':
      return isOfFactory ? `Use ${client} here` : 'Make one client in a module of its own and use it in both places';
  }
}
