import type { PathStep } from '../src/findings/finding.js';
import type { NestedAcquire } from '../src/model/pools/nested-acquires.js';
import { calleeSpan, callableName, spanOf } from '../src/model/typescript/syntax.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';

export default defineRule({
  name: 'no-nested-acquire',
  description: 'Disallow acquiring from a bounded pool while holding what was acquired from it.',
  incident: 'Root cause 1, the quiet form: instead of a stack overflow, everybody waits for what everybody holds.',
  preset: 'strict',
  messages: {
    nested:
      'Whoever runs this still holds a lease of {{pool}}, and acquires another one: once all leases are held like this, nobody gets on. Pass on the one that is held, or release it first.\n{{path}}',
  },

  *check(analysis) {
    for (const { first, steps } of analysis.model.nestedAcquires()) {
      const hops = hopsOf(steps);
      yield {
        span: calleeSpan((steps[1]?.site ?? first.site).node),
        messageId: 'nested',
        data: { pool: `\`${first.pool.name}\``, path: formatCallPath(hops, 'waits', analysis) },
        path: hops,
      };
    }
  },
});

function hopsOf(steps: NestedAcquire['steps']): PathStep[] {
  return steps.map(({ callable, site }, index) => {
    const name = callableName(callable);
    return {
      name: index === 0 ? `${name} acquires` : index === steps.length - 1 ? `${name} acquires again` : name,
      span: spanOf(site.node),
    };
  });
}
