import { bypassText } from '../src/model/accessors.js';
import { hopsOf } from '../src/model/story.js';
import { calleeSpan } from '../src/model/syntax.js';
import { defineRule } from '../src/rule.js';
import { tell } from '../src/story.js';

export default defineRule({
  name: 'no-connection-recursion',
  description: 'Disallow a call path that leads from a connection accessor back to itself.',
  incident: 'Root cause 1: the pool manager asks the getter, which asks the manager.',
  preset: 'recommended',
  messages: {
    recursion: '`{{accessor}}` leads back to itself, so this call never returns. {{remedy}}\n{{path}}',
  },

  *judge(analysis) {
    for (const { accessor, site, steps, isBypassed } of analysis.model.recursions) {
      const hops = hopsOf(steps);
      yield {
        span: calleeSpan(site.node),
        messageId: 'recursion',
        data: { accessor: accessor.name, remedy: remedyFor(accessor.bypass && bypassText(accessor.bypass), isBypassed), path: tell(hops, accessor.name, analysis) },
        path: hops,
      };
    }
  },
});

function remedyFor(bypass: string | undefined, isBypassed: boolean): string {
  if (bypass === undefined) return 'Let the callee receive the factory instead of asking for a connection.';
  return isBypassed ? `The call sets "${bypass}", but the accessor does not honour it: guard the way to the manager with it.` : `Pass "${bypass}" here, or let the callee receive the factory.`;
}
