import { toPathSteps } from '../src/model/recursion/call-path.js';
import { calleeSpan } from '../src/model/typescript/syntax.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';
import { provenRemedy } from '../src/rule/recursion-remedy.js';

export default defineRule({
  name: 'no-connection-recursion',
  description: 'Disallow a call path that leads from a connection accessor back to itself.',
  preset: 'recommended',
  messages: { recursion: '`{{accessor}}` calls itself through this call and never returns. {{remedy}}\n{{path}}' },

  *check(context) {
    for (const recursion of context.model.recursions) {
      if (recursion.doubt) continue;
      const { accessor, site } = recursion;
      const steps = toPathSteps(recursion.steps);
      yield {
        span: calleeSpan(site.node),
        messageId: 'recursion',
        data: { accessor: accessor.name, remedy: provenRemedy(recursion, context), path: formatCallPath(steps, accessor.name, context) },
        path: steps,
      };
    }
  },
});
