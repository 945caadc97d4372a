import type { RuleContext } from '../src/rule/rule-context.js';
import type { PathStep } from '../src/findings/finding.js';
import type { ImportCycle } from '../src/model/imports/import-cycles.js';
import type { ImportEdge } from '../src/model/imports/import-edges.js';
import { defineRule } from '../src/rule/rule.js';
import { formatCallPath } from '../src/rule/format-call-path.js';
import { shortNames } from '../src/rule/short-names.js';

export default defineRule({
  name: 'no-connection-import-cycle',
  description: 'Disallow import cycles among factory, manager, accessor, configuration and service modules.',
  preset: 'recommended',
  messages: { cycle: 'Import cycle of {{count}} modules. Suggested import to remove: this one. {{remedy}}\n{{path}}' },

  *check(context) {
    for (const cycle of context.model.importCycles().cycles) {
      const { edges, cheapest } = cycle;
      const nameOf = moduleNames(edges, context);
      const steps = edges.map((edge) => toPathStep(edge, nameOf, context));
      yield {
        span: cheapest.by.span,
        messageId: 'cycle',
        data: {
          count: String(edges.length),
          remedy: remedyFor(cycle, nameOf, context),
          path: formatCallPath(steps, nameOf(edges[0]?.from ?? ''), context),
        },
        path: steps,
      };
    }
  },
});

type NameOf = (file: string) => string;

/** Returns the function that names the modules of a cycle: `metrics.ts`, or `db/index.ts` where the file name alone says too little. */
function moduleNames(edges: readonly ImportEdge[], { locate }: RuleContext): NameOf {
  const pathOf = (file: string) => locate({ file, start: 0, end: 0 }).file;
  const names = shortNames(edges.map(({ from }) => pathOf(from)));
  return (file) => names.get(pathOf(file)) ?? pathOf(file);
}

function toPathStep({ from, by }: ImportEdge, nameOf: NameOf, { model }: RuleContext): PathStep {
  const deferred = by.isRequire ? 'by a require inside a function' : 'by a dynamic import';
  const parts = [nameOf(from), model.rolesOf(from).join(' and '), by.kind === 'dynamic' ? deferred : ''];
  return { name: parts.filter((part) => part !== '').join(', '), span: by.span };
}

function remedyFor(cycle: ImportCycle, nameOf: NameOf, { model }: RuleContext): string {
  const { cheapest, above } = cycle;
  const repair = repairFor(cycle, nameOf);
  if (above.length === 0) return repair;
  const [from, to] = [nameOf(cheapest.from), nameOf(cheapest.to)];
  return `${from} (${model.rolesOf(cheapest.from).join(' and ')}) should not import ${to} (${above.join(' and ')}), a higher layer. ${repair}`;
}

/** Says how to remove the import, as far as its form and its uses show. */
function repairFor({ cheapest: { by, to }, importsClass }: ImportCycle, nameOf: NameOf): string {
  const isNamed = by.names.length > 0 && !by.names.includes('*') && !by.names.includes('default');
  const names = isNamed ? by.names.map((name) => `\`${name}\``).join(', ') : 'the imported code';
  if (by.kind === 're-export') return `Remove this re-export: modules that need ${names} import it from ${nameOf(to)} directly.`;
  if (by.isInjected)
    return `A container injects ${names}, and this import is the injection token. Move an interface and a token to a module of their own, and inject by that token. A \`forwardRef\` or a lazy import keeps the cycle.`;
  if (importsClass) return `Receive the instance of ${names} as an argument, and import only its type (\`import type\`).`;
  if (by.names.length === 0 && by.kind === 'static' && !by.isRequire) return `Import ${nameOf(to)} for its effect from the entry point.`;
  const uses = by.uses === 0 ? '' : ` (used ${by.uses === 1 ? 'once' : `${by.uses} times`} here)`;
  return `Receive ${names}${uses} as an argument, or move ${by.names.length > 1 ? 'them' : 'it'} to a module outside the cycle.`;
}
