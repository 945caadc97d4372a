import type { RuleContext } from '../src/rule/rule-context.js';
import type { PathStep } from '../src/findings/finding.js';
import type { ImportCycle, ImportEdge } from '../src/model/imports/import-cycles.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';

export default defineRule({
  name: 'no-connection-import-cycle',
  description: 'Disallow import cycles among factory, manager, accessor, configuration and service modules.',
  incident: 'Checklist: the getter and the manager import each other, so neither can be loaded, tested or replaced alone.',
  preset: 'recommended',
  messages: {
    cycle: 'This import closes a circle of {{count}} modules. Of these imports it is the cheapest to take out: {{remedy}}\n{{path}}',
  },

  *check(analysis) {
    for (const circle of analysis.model.importCycles()) {
      const { edges, cheapest } = circle;
      const hops = edges.map((edge) => hopOf(edge, analysis));
      yield {
        span: cheapest.by.span,
        messageId: 'cycle',
        data: {
          count: String(edges.length),
          remedy: remedyFor(circle, analysis),
          path: formatCallPath(hops, hops[0]?.name ?? '', analysis),
        },
        path: hops,
      };
    }
  },
});

/** A reader knows a module by what it is for: `accessor`, `factory and accessor`, else `module`. */
function nameOf(file: string, { model }: RuleContext): string {
  return model.rolesOf(file).join(' and ') || 'module';
}

function hopOf({ from, by }: ImportEdge, analysis: RuleContext): PathStep {
  return { name: `${nameOf(from, analysis)}${by.kind === 'dynamic' ? ', by a dynamic import' : ''}`, span: by.span };
}

function remedyFor({ cheapest, above }: ImportCycle, analysis: RuleContext): string {
  const { from, by } = cheapest;
  if (above.length > 0) return `the ${nameOf(from, analysis)} should not know the ${above.join(' and ')}; let it receive what it needs.`;
  const names = by.names.length === 0 || by.names.includes('*') ? 'What it takes' : by.names.map((name) => `\`${name}\``).join(', ');
  if (by.kind === 're-export')
    return `let those who need ${names === 'What it takes' ? 'what it passes on' : names} import it from where it is.`;
  return `${names} ${by.names.length > 1 ? 'are' : 'is'} used ${by.uses === 1 ? 'once' : `${by.uses} times`}; move it to a module of its own, or receive it as an argument.`;
}
