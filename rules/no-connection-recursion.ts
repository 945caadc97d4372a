import { toPathSteps } from '../src/model/recursion/call-path.js';
import { calleeSpan } from '../src/model/typescript/syntax.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';
import { recursionGuards } from '../src/rule/guard-notes.js';
import { nodeText, provenRemedy } from '../src/rule/recursion-remedy.js';

export default defineRule({
  name: 'no-connection-recursion',
  description: 'Disallow a call path that leads from a connection accessor back to itself.',
  preset: 'recommended',
  messages: {
    recursion: '`{{accessor}}` calls itself through this call and never returns. {{remedy}}\n{{path}}',
    wait: 'Through this call, the promise in {{promise}} waits for itself, so the promise of `{{accessor}}` never settles. {{remedy}}\n{{path}}',
  },

  *check(context) {
    for (const recursion of context.model.recursions) {
      if (recursion.doubt) continue;
      const { accessor, site, promise } = recursion;
      const steps = toPathSteps(recursion.steps);
      yield {
        span: calleeSpan(site.node),
        messageId: promise ? 'wait' : 'recursion',
        data: {
          accessor: accessor.name,
          remedy: provenRemedy(recursion, context),
          path: formatCallPath(steps, accessor.name, context),
          ...(promise ? { promise: nodeText(promise, context) } : {}),
        },
        path: steps,
        guards: recursionGuards(recursion, context),
      };
    }
  },
});
