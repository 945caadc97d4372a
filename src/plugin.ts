import { rules as definitions } from '../rules/index.js';
import { manifest } from './engine/package-info.js';
import { ProjectAnalyses } from './engine/project-analyses.js';
import { type LinterRule, toLinterRule } from './lint/report-findings.js';
import type { Preset, RuleInfo } from './rule/rule.js';
import type { RuleName } from './settings/rule-names.js';
import { isDebugRequested } from './trace/debug-variable.js';
import { createTrace, noTrace } from './trace/trace.js';

const trace = isDebugRequested(process.env['DEBUG']) ? createTrace((line) => void process.stderr.write(line)) : noTrace;

const analyses = new ProjectAnalyses({ trace });

/** The rules by name, without the prefix of the plugin. */
export const rules = Object.fromEntries(Object.entries(definitions).map(([name, rule]) => [name, toLinterRule(rule, analyses)])) as Record<
  RuleName,
  LinterRule
>;

/** Name and version of the plugin, and the prefix of its rules. */
export const meta = { name: manifest.name, version: manifest.version, namespace: 'clickhouse-ssot' };

/** The part of a flat config that a preset sets. It has no linter's type, so that it fits the configuration type of each. */
interface PresetConfig {
  readonly name: string;
  /** The files that the rules judge. ESLint lints TypeScript files only if a configuration names them. */
  readonly files: string[];
  readonly plugins: { readonly 'clickhouse-ssot': Omit<Plugin, 'configs'> };
  readonly rules: Record<string, 'error'>;
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
    rules: Object.fromEntries(included.map((rule) => [`clickhouse-ssot/${rule.name}`, 'error'] as const)),
  };
}
