import type { TextEdit } from '../src/findings/finding.js';
import { bypassEdit } from '../src/model/recursion/bypass-fix.js';
import { bypassText } from '../src/model/connections/accessors.js';
import { toPathSteps } from '../src/model/recursion/call-path.js';
import { calleeSpan } from '../src/model/typescript/syntax.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';
import { bypassGuards } from '../src/rule/guard-notes.js';

export default defineRule({
  name: 'require-manager-bypass',
  description: 'Require accessor calls that a connection manager can reach to bypass the manager.',
  preset: 'recommended',
  fixable: true,
  messages: {
    missing:
      '{{manager}} calls `{{accessor}}` without "{{bypass}}", so the accessor may call the manager again. Pass "{{bypass}}" here.{{path}}',
    unsure:
      '{{manager}} calls `{{accessor}}` with a "{{bypass}}" that may not be set, so the accessor may call the manager again. Set it here.{{path}}',
  },

  *check(context) {
    for (const call of context.model.unbypassedCalls) {
      const { accessor, manager, site, isBypassed, isDirect } = call;
      if (!accessor.bypass) continue;
      const steps = toPathSteps(call.steps);
      const isFixable = isDirect && context.model.bypassHonored.has(accessor);
      const fix: readonly TextEdit[] | undefined = isFixable ? bypassEdit(site, accessor) : undefined;
      yield {
        span: calleeSpan(site.node),
        messageId: isBypassed === false ? 'missing' : 'unsure',
        data: {
          manager: manager.name,
          accessor: accessor.name,
          bypass: bypassText(accessor.bypass),
          path: steps.length > 1 ? `\n${formatCallPath(steps, accessor.name, context)}` : '',
        },
        path: steps,
        guards: bypassGuards(call, context),
        ...(fix ? { fix } : {}),
      };
    }
  },
});
