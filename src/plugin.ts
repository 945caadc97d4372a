import { rules as definitions } from '../rules/index.js';
import { cacheChoiceOf, cacheVariable, noCache } from './cache/cache-location.js';
import { manifest } from './engine/package-info.js';
import { ProjectAnalyses } from './engine/project-analyses.js';
import { type LinterRule, toLinterRule } from './lint/report-findings.js';
import type { Preset, Rule, RuleInfo, RuleOptions, RuleSubject } from './rule/rule.js';
import type { RuleName } from './settings/rule-names.js';
import { isDebugRequested } from './trace/debug-variable.js';
import { createTrace, noTrace } from './trace/trace.js';

const trace = isDebugRequested(process.env['DEBUG']) ? createTrace((line) => void process.stderr.write(line)) : noTrace;

const allRules = Object.values<Rule>(definitions);

// From its source, as in its own tests, the plugin has no build whose identity an answer could name.
const cache = import.meta.url.endsWith('.ts') ? noCache : cacheChoiceOf(process.env[cacheVariable]);

const analyses = new ProjectAnalyses({ rules: allRules, trace, cache });

process.once('exit', () => analyses.keepResults());

/** Linters run the rules in this order, and the first one reports invalid settings: never the rule that may only warn, if there is another. */
const order: readonly RuleSubject[] = ['invalid-settings', 'program', 'stale-settings'];

/** The rules by name, without the prefix of the plugin. */
export const rules = Object.fromEntries(
  order.flatMap((subject) =>
    allRules.filter((rule) => rule.subject === subject).map((rule) => [rule.name, toLinterRule(rule, analyses)] as const),
  ),
) as Record<RuleName, LinterRule>;

/** Name and version of the plugin, and the prefix of its rules. */
export const meta = { name: manifest.name, version: manifest.version, namespace: 'clickhouse-ssot' };

/** The part of a flat config that a preset sets. It has no linter's type, so that it fits the configuration type of each. */
interface PresetConfig {
  readonly name: string;
  /** The files that the rules judge. ESLint lints TypeScript files only if a configuration names them. */
  readonly files: string[];
  readonly plugins: { readonly 'clickhouse-ssot': Omit<Plugin, 'configs'> };
  readonly rules: Record<string, 'error' | 'warn' | ['error', RuleOptions]>;
}

interface Plugin {
  readonly meta: typeof meta;
  readonly rules: typeof rules;
  readonly configs: Record<Preset, PresetConfig>;
}

/** The presets. `recommended`: rules that are right on every code base. `strict`: all rules. */
export const configs: Record<Preset, PresetConfig> = {
  recommended: preset('recommended', ({ meta }) => meta.docs.preset === 'recommended'),
  strict: preset('strict', () => true),
};

/** The plugin, as ESLint and oxlint load it. */
const plugin: Plugin = { meta, rules, configs };

export default plugin;

function preset(name: Preset, isIncluded: (rule: RuleInfo) => boolean): PresetConfig {
  const included = Object.values(rules).filter(isIncluded);
  return {
    name: `clickhouse-ssot/${name}`,
    files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
    // A getter, because the plugin is defined after its presets.
    get plugins() {
      return { 'clickhouse-ssot': plugin };
    },
    rules: Object.fromEntries(included.map((rule) => [`clickhouse-ssot/${rule.name}`, severityOf(rule, name)] as const)),
  };
}

/** Only the preset `strict` reports findings in tests. */
function severityOf({ warnsIn, meta: { schema } }: RuleInfo, preset: Preset): 'error' | 'warn' | ['error', RuleOptions] {
  if (warnsIn.includes(preset)) return 'warn';
  return preset === 'strict' && schema.length > 0 ? ['error', { tests: true }] : 'error';
}
