import type { RuleContext } from '../src/rule/rule-context.js';
import type { PathStep } from '../src/findings/finding.js';
import type { ImportCycle, ImportEdge } from '../src/model/imports/import-cycles.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';

export default defineRule({
  name: 'no-connection-import-cycle',
  description: 'Disallow import cycles among factory, manager, accessor, configuration and service modules.',
  preset: 'recommended',
  messages: { cycle: 'Import cycle of {{count}} modules. Suggested import to remove: this one. {{remedy}}\n{{path}}' },

  *check(context) {
    for (const cycle of context.model.importCycles().cycles) {
      const { edges, cheapest } = cycle;
      const steps = edges.map((edge) => toPathStep(edge, context));
      yield {
        span: cheapest.by.span,
        messageId: 'cycle',
        data: {
          count: String(edges.length),
          remedy: remedyFor(cycle, context),
          path: formatCallPath(steps, steps[0]?.name ?? '', context),
        },
        path: steps,
      };
    }
  },
});

/** Returns the roles of a module, as in `factory and accessor`; `module` if it has none. */
function nameOf(file: string, { model }: RuleContext): string {
  return model.rolesOf(file).join(' and ') || 'module';
}

function toPathStep({ from, by }: ImportEdge, context: RuleContext): PathStep {
  return { name: `${nameOf(from, context)}${by.kind === 'dynamic' ? ', by a dynamic import' : ''}`, span: by.span };
}

function remedyFor({ cheapest, above }: ImportCycle, context: RuleContext): string {
  const { from, by } = cheapest;
  if (above.length > 0)
    return `The ${nameOf(from, context)} module should not import the ${above.join(' and ')} module. Pass it what it needs instead.`;
  const isNamed = by.names.length > 0 && !by.names.includes('*');
  const names = isNamed ? by.names.map((name) => `\`${name}\``).join(', ') : 'the imported code';
  if (by.kind === 're-export') return `Import ${names} directly from the declaring module, not through this one.`;
  const uses = by.uses === 0 ? '' : ` (used ${by.uses === 1 ? 'once' : `${by.uses} times`} here)`;
  return `Move ${names}${uses} to a module of its own, or pass it as an argument.`;
}
