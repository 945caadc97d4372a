import type { FlatConfig } from '@typescript-eslint/utils/ts-eslint';
import { rules } from '../rules/index.js';
import { manifest } from './manifest.js';
import type { Preset, Rule } from './rule.js';

export { rules };

export const meta = { name: manifest.name, version: manifest.version, namespace: 'clickhouse-ssot' };

const plugin = { meta, rules, configs: {} as Record<Preset, FlatConfig.Config> };

/** `recommended` holds what is right on every code base; `strict` is all there is. */
export const configs: Record<Preset, FlatConfig.Config> = {
  recommended: preset('recommended', ({ meta }) => meta.docs?.preset === 'recommended'),
  strict: preset('strict', () => true),
};
plugin.configs = configs;

function preset(name: Preset, isIn: (rule: Rule) => boolean): FlatConfig.Config {
  const included = Object.values(rules).filter(isIn);
  return {
    name: `clickhouse-ssot/${name}`,
    plugins: { 'clickhouse-ssot': plugin },
    rules: Object.fromEntries(included.map((rule) => [`clickhouse-ssot/${rule.name}`, 'error'] as const)),
  };
}

export default plugin;
