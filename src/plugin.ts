import { rules as definitions } from '../rules/index.js';
import { type LinterRule, toLinterRule } from './lint/report-findings.js';
import { manifest } from './engine/package-info.js';
import type { Preset, Rule } from './rule/rule.js';

type RuleName = keyof typeof definitions;

export const rules = Object.fromEntries(Object.entries(definitions).map(([name, rule]) => [name, toLinterRule(rule)])) as Record<
  RuleName,
  LinterRule
>;

export const meta = { name: manifest.name, version: manifest.version, namespace: 'clickhouse-ssot' };

/** As much of a flat config as a preset has, so that it fits every linter's own type of one. */
interface PresetConfig {
  readonly name: string;
  readonly plugins: { readonly 'clickhouse-ssot': Omit<Plugin, 'configs'> };
  readonly rules: Record<string, 'error'>;
}

interface Plugin {
  readonly meta: typeof meta;
  readonly rules: typeof rules;
  readonly configs: Record<Preset, PresetConfig>;
}

/** `recommended` holds what is right on every code base; `strict` is all there is. */
export const configs: Record<Preset, PresetConfig> = {
  recommended: preset('recommended', ({ meta }) => meta.docs.preset === 'recommended'),
  strict: preset('strict', () => true),
};

const plugin: Plugin = { meta, rules, configs };

export default plugin;

function preset(name: Preset, isIn: (rule: Rule) => boolean): PresetConfig {
  const included = Object.values(rules).filter(isIn);
  return {
    name: `clickhouse-ssot/${name}`,
    // A preset names the plugin that holds it: it is there when somebody asks.
    get plugins() {
      return { 'clickhouse-ssot': plugin };
    },
    rules: Object.fromEntries(included.map((rule) => [`clickhouse-ssot/${rule.name}`, 'error'] as const)),
  };
}
