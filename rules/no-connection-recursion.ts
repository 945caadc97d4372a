import type { RuleContext } from '../src/rule/rule-context.js';
import { bypassText } from '../src/model/connections/accessors.js';
import type { Recursion } from '../src/model/recursion/recursion.js';
import { toPathSteps } from '../src/model/recursion/call-path.js';
import { calleeSpan, spanOf } from '../src/model/typescript/syntax.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';

export default defineRule({
  name: 'no-connection-recursion',
  description: 'Disallow a call path that leads from a connection accessor back to itself.',
  incident: 'Root cause 1: the pool manager asks the getter, which asks the manager.',
  preset: 'recommended',
  messages: { recursion: '`{{accessor}}` leads back to itself, so this call never returns. {{remedy}}\n{{path}}' },

  *check(analysis) {
    for (const recursion of analysis.model.recursions) {
      const { accessor, site, steps } = recursion;
      const hops = toPathSteps(steps);
      yield {
        span: calleeSpan(site.node),
        messageId: 'recursion',
        data: { accessor: accessor.name, remedy: remedyFor(recursion, analysis), path: formatCallPath(hops, accessor.name, analysis) },
        path: hops,
      };
    }
  },
});

function remedyFor({ accessor, isBypassed, guard }: Recursion, analysis: RuleContext): string {
  const otherwise = accessor.gives === 'client' ? 'let the callee receive the factory' : 'run the inner statement on the client itself';
  if (!accessor.bypass)
    return accessor.gives === 'client'
      ? 'Let the callee receive the factory instead of asking for a connection.'
      : 'Run the inner statement on the client itself.';
  const bypass = bypassText(accessor.bypass);
  if (isBypassed) return `The call sets "${bypass}", but the accessor does not honour it: guard the way to the manager with it.`;
  return `Pass "${bypass}" here${guard ? `: then ${conditionAt(guard, analysis)} ends the circle. Or` : ', or'} ${otherwise}.`;
}

function conditionAt(guard: NonNullable<Recursion['guard']>, { locate, textOf }: RuleContext): string {
  const span = spanOf(guard);
  const { file, line } = locate(span);
  return `\`${textOf(span).replace(/\s+/g, ' ')}\` (${file}:${line})`;
}
