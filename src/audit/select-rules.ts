import { rules } from '../../rules/index.js';
import type { Preset, Rule } from '../rule/rule.js';

/** Which rules an audit runs. */
export interface RuleSelection {
  /** The preset whose rules run. Default of the command line: `recommended`, as in a linter. */
  readonly preset: Preset;
  /** Names of the rules that run instead of those of the preset. Empty: those of the preset. */
  readonly rules: readonly string[];
}

/** The rules that judge code. Those that judge the settings are for linters: the audit tells the same by messages of its own. */
const codeRules: readonly Rule[] = Object.values<Rule>(rules).filter(({ subject }) => subject === 'program');

/** The names of all rules that an audit can run. */
export const selectableRules: readonly string[] = codeRules.map(({ name }) => name);

/** Returns the rules of a selection. The audit calls it. */
export function selectRules({ preset, rules: names }: RuleSelection): Rule[] {
  return codeRules.filter(({ name, meta }) =>
    names.length > 0 ? names.includes(name) : preset === 'strict' || meta.docs.preset === 'recommended',
  );
}
