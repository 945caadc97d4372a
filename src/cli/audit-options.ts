import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type RuleSelection, selectableRules } from '../audit/select-rules.js';
import type { BaselineOptions } from './baseline-options.js';
import { type Checked, unknownName } from './option-problems.js';
import type { FormatOptions } from './report-targets.js';

/** The options of the command `audit`, as the user typed them. */
export interface AuditOptions extends BaselineOptions, FormatOptions {
  /** The settings file. Default: that of each project. */
  readonly config?: string;
  /** `recommended` or `strict`. Any other value is an error of the user. */
  readonly preset: string;
  /** The only rules to run. Default: those of the preset. */
  readonly rule?: readonly string[];
  /** Whether to print findings only. Default: false. */
  readonly quiet?: boolean;
  /** Whether to print the whole inventory. Default: false. */
  readonly verbose?: boolean;
  /** Whether stale settings make the audit fail. Default: false. */
  readonly strictSettings?: boolean;
  /** The revision of git whose findings are known. Default: none. */
  readonly since?: string;
  /** Whether results of earlier runs are used and kept. Default: true. */
  readonly cache?: boolean;
  /** The folder of these results. Default: the variable `CLICKHOUSE_SSOT_CACHE`, the settings, or the default folder. */
  readonly cacheLocation?: string;
  /** Whether to write debug facts to standard error. Default: `debug` of the context. */
  readonly debug?: boolean;
}

const presets = ['recommended', 'strict'] as const;

const rulePrefix = 'clickhouse-ssot/';

/** Checks the names of preset and rules. A rule may have its prefix, as in the output of a linter. */
export function checkSelection({ preset, rule = [] }: Pick<AuditOptions, 'preset' | 'rule'>): Checked<RuleSelection> {
  const known = presets.find((name) => name === preset);
  const rules = rule.map((name) => (name.startsWith(rulePrefix) ? name.slice(rulePrefix.length) : name));
  const problems = [
    ...(known === undefined ? [unknownName('--preset', preset, presets)] : []),
    ...rules.filter((name) => !selectableRules.includes(name)).map((name) => unknownName('--rule', name, selectableRules)),
  ];
  return known !== undefined && problems.length === 0 ? { ok: true, value: { preset: known, rules } } : { ok: false, problems };
}

/** Returns the files and folders to audit. Without a path that is the folder of the settings file, or the working folder. */
export function checkPaths(paths: readonly string[], { config }: Pick<AuditOptions, 'config'>): Checked<readonly string[]> {
  const named = paths.length > 0 || config === undefined ? paths : [resolve(config, '..')];
  const absolute = (named.length > 0 ? named : ['.']).map((path) => resolve(path));
  const missing = absolute
    .filter((path) => !exists(path))
    .map((path) => `${path}: found no file or folder, expected one of a code base. Name an existing file or folder.`);
  const wrongConfig =
    config !== undefined && !isFile(config)
      ? [`--config: found no file ${resolve(config)}, expected a settings file. Name an existing file.`]
      : [];
  const empty = paths.includes('') ? ['audit: found an empty path, expected a file or folder. Name one, or leave the path out.'] : [];
  const problems = [...wrongConfig, ...empty, ...missing];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: absolute };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
