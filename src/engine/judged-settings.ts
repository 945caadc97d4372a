import type { Model } from '../model/model.js';
import type { Project } from '../project/project.js';
import type { Rule } from '../rule/rule.js';
import type { Settings } from '../settings/load-settings.js';
import type { RuleResult } from './run-rule.js';

/** A stale setting before its source is known. `text` is what was found, and `advice` replaces the usual repair. */
export interface StaleEntry {
  readonly key: string;
  readonly value: string;
  readonly text: string;
  readonly nearest?: string | undefined;
  readonly advice?: string;
}

/** The inputs of the search for stale settings: the settings, and the code that they select. `ProjectAnalysis` has this shape. */
export interface JudgedSettings {
  readonly settings: Settings;
  /** Keys of the settings that a linter's configuration replaced. */
  readonly overridden: readonly string[];
  readonly project: Project;
  readonly model: Model;
  readonly unusedVendored: ReadonlySet<string>;
  readonly check: (rule: Rule) => RuleResult;
}

/** The source files of the project, and those that its settings judge: a folder with settings of its own is another project. */
export interface JudgedFiles {
  /** Paths from the root. */
  readonly all: readonly string[];
  /** Those of `all` that no nested project judges. */
  readonly own: readonly string[];
}

/** Returns the files without configuration files in the root: these say nothing about whether a glob covers all code. */
export function withoutConfigurations(files: readonly string[]): readonly string[] {
  const code = files.filter((file) => file.includes('/') || !/(?:^\.|\.(?:config|setup|workspace)\.)/.test(file));
  return code.length > 0 ? code : files;
}
