import type { TextEdit } from '../src/findings/finding.js';
import { bypassEdit } from '../src/model/recursion/bypass-fix.js';
import { bypassText } from '../src/model/connections/accessors.js';
import { toPathSteps } from '../src/model/recursion/call-path.js';
import { calleeSpan } from '../src/model/typescript/syntax.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';

export default defineRule({
  name: 'require-manager-bypass',
  description: 'Require accessor calls within reach of a connection manager to bypass the manager.',
  incident: 'Root cause 1: two of three calls had the bypass, one was missed.',
  preset: 'recommended',
  fixable: true,
  messages: {
    missing: '{{manager}} asks `{{accessor}}` for a connection without "{{bypass}}", so the accessor may ask the manager again.{{path}}',
    unsure: '{{manager}} asks `{{accessor}}` for a connection with a "{{bypass}}" that may not be set: set it here.{{path}}',
  },

  *check(analysis) {
    for (const { accessor, manager, site, steps, isBypassed } of analysis.model.unbypassedCalls) {
      if (!accessor.bypass) continue;
      const hops = toPathSteps(steps);
      const fix: readonly TextEdit[] | undefined = analysis.model.bypassHonored.has(accessor) ? bypassEdit(site, accessor) : undefined;
      yield {
        span: calleeSpan(site.node),
        messageId: isBypassed === false ? 'missing' : 'unsure',
        data: {
          manager: manager.name,
          accessor: accessor.name,
          bypass: bypassText(accessor.bypass),
          path: hops.length > 1 ? `\n${formatCallPath(hops, accessor.name, analysis)}` : '',
        },
        path: hops,
        ...(fix ? { fix } : {}),
      };
    }
  },
});
