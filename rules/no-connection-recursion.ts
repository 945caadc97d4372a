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
  preset: 'recommended',
  messages: { recursion: '`{{accessor}}` calls itself through this call and never returns. {{remedy}}\n{{path}}' },

  *check(context) {
    for (const recursion of context.model.recursions) {
      const { accessor, site } = recursion;
      const steps = toPathSteps(recursion.steps);
      yield {
        span: calleeSpan(site.node),
        messageId: 'recursion',
        data: { accessor: accessor.name, remedy: remedyFor(recursion, context), path: formatCallPath(steps, accessor.name, context) },
        path: steps,
      };
    }
  },
});

/** The repair that needs no flag, as a clause. */
const repairs: Readonly<Record<Recursion['accessor']['gives'], string>> = {
  client: 'pass a factory to the called code, so that it does not call the accessor',
  result: 'run the inner statement on the client itself',
};

function remedyFor({ accessor, isBypassed, guard }: Recursion, context: RuleContext): string {
  const repair = repairs[accessor.gives];
  if (!accessor.bypass) return `To end the recursion, ${repair}.`;
  const bypass = bypassText(accessor.bypass);
  if (isBypassed) return `The call sets "${bypass}", but the accessor ignores it. Call the manager only if "${bypass}" is not set.`;
  return `Pass "${bypass}" here${guard ? `: then ${conditionAt(guard, context)} ends the recursion. Or` : ', or'} ${repair}.`;
}

function conditionAt(guard: NonNullable<Recursion['guard']>, { locate, textOf }: RuleContext): string {
  const span = spanOf(guard);
  const { file, line } = locate(span);
  return `\`${textOf(span).replace(/\s+/g, ' ')}\` (${file}:${line})`;
}
