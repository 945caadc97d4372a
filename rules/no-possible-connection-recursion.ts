import { toPathSteps } from '../src/model/recursion/call-path.js';
import { calleeSpan } from '../src/model/typescript/syntax.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';
import { recursionGuards } from '../src/rule/guard-notes.js';
import { doubtText, nodeText, possibleRemedy } from '../src/rule/recursion-remedy.js';

export default defineRule({
  name: 'no-possible-connection-recursion',
  description: 'Disallow a call path that may lead from a connection accessor back to itself.',
  preset: 'strict',
  messages: {
    possible: '`{{accessor}}` may call itself through this call. {{doubt}} {{remedy}}\n{{path}}',
    wait: 'Through this call, the promise in {{promise}} may wait for itself. {{doubt}} {{remedy}}\n{{path}}',
  },

  *check(context) {
    for (const recursion of context.model.recursions) {
      const { accessor, site, doubt, promise } = recursion;
      if (!doubt) continue;
      const steps = toPathSteps(recursion.steps);
      yield {
        span: calleeSpan(site.node),
        messageId: promise ? 'wait' : 'possible',
        data: {
          accessor: accessor.name,
          doubt: doubtText(doubt, context),
          remedy: possibleRemedy(recursion, context),
          path: formatCallPath(steps, accessor.name, context),
          ...(promise ? { promise: nodeText(promise, context) } : {}),
        },
        path: steps,
        guards: recursionGuards(recursion, context),
      };
    }
  },
});
