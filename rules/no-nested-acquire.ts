import type { PathStep } from '../src/findings/finding.js';
import type { NestedAcquire } from '../src/model/pools/nested-acquires.js';
import { calleeSpan, callableName, spanOf } from '../src/model/typescript/syntax.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';

export default defineRule({
  name: 'no-nested-acquire',
  description: 'Disallow acquiring a second lease from a bounded pool while holding the first.',
  preset: 'recommended',
  messages: {
    nested:
      'This call acquires a lease of {{pool}} while another lease of it is held. Under load, all callers wait for each other. Pass on the held lease, or release it first.\n{{path}}',
  },

  *check(context) {
    for (const nested of context.model.nestedAcquires()) {
      const { first } = nested;
      const steps = toPathSteps(nested);
      yield {
        span: calleeSpan((nested.steps[1]?.site ?? first.site).node),
        messageId: 'nested',
        data: { pool: `\`${first.pool.name}\``, path: formatCallPath(steps, 'waits', context) },
        path: steps,
      };
    }
  },
});

function toPathSteps({ steps }: NestedAcquire): PathStep[] {
  return steps.map(({ callable, site }, index) => {
    const name = callableName(callable);
    return {
      name: index === 0 ? `${name} acquires` : index === steps.length - 1 ? `${name} acquires again` : name,
      span: spanOf(site.node),
    };
  });
}
