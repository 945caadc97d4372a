import { calleeSpan, spanOf, unwrap } from '../src/model/typescript/syntax.js';
import { isCall } from '../src/model/dataflow/normalize-call.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'single-client-per-purpose',
  description: 'Disallow a second ClickHouse client for the same configuration in one program.',
  preset: 'recommended',
  messages: {
    duplicate:
      '`{{name}}` makes a second ClickHouse client with the configuration of the client in {{first}}, and one program imports both. Each client has a pool of sockets of its own. Export the first client and import it here, or give this client the settings in which it differs.',
  },

  *check(context) {
    for (const { node, first } of context.model.duplicateClients()) {
      const { file, line } = context.locate(spanOf(first));
      yield {
        span: calleeSpan(node),
        messageId: 'duplicate',
        data: { name: isCall(node) ? unwrap(node.expression).getText() : 'createClient', first: `${file}:${line}` },
        path: [
          { name: 'the first client', span: spanOf(first) },
          { name: 'the second client', span: spanOf(node) },
        ],
      };
    }
  },
});
