import { rules } from '../../rules/index.js';
import { baselineFileName } from '../audit/baseline/apply-baseline.js';
import { isSourcePath } from '../project/list-files.js';
import type { Rule } from '../rule/rule.js';
import { settingsFileName } from '../settings/load-settings.js';
import type { AuditJob } from './audit-job.js';
import type { DetectedLinters, Linter } from './detect-linters.js';
import type { PackageManager } from './detect-package-manager.js';
import { editEslintConfig } from './edit-eslint-config.js';
import { editOxlintConfig } from './edit-oxlint-config.js';
import { addAuditScript } from './edit-package-json.js';
import { editSettings, type SanctionEntry } from '../edits/edit-settings.js';
import { editOf, type EditOutcome, type FileEdit, type ManualStep } from '../edits/file-edit.js';
import type { GitState } from '../edits/git-state.js';
import type { RootManifest } from './package-json.js';
import { type CiChoice, type CiKind, type CiPlan, planCi } from './plan-ci.js';
import type { ProjectFolder } from './project-folder.js';

/** The package of the plugin, and that of the command line alone. */
const pluginPackage = 'eslint-plugin-clickhouse-ssot';
const commandPackage = 'clickhouse-ssot';

/** The facts that a plan follows from. */
export interface PlanInput {
  readonly folder: ProjectFolder;
  readonly manifest: RootManifest | undefined;
  readonly linters: DetectedLinters;
  readonly manager: PackageManager;
  readonly git: Pick<GitState, 'isOnGitHub' | 'isTopLevel'>;
  readonly factories: readonly string[];
  readonly sanctioned: readonly SanctionEntry[];
  /** Whether the audit compares with a baseline in the root. */
  readonly usesBaseline: boolean;
  /** Text of the baseline to create. Unset: none is created. */
  readonly baseline?: string | undefined;
  /** What the audit does in CI, as the user asked for it. Unset: what fits. */
  readonly ci?: CiKind | 'none' | undefined;
}

/** The changes of init, and the steps that are left to the user. */
export interface InitPlan {
  /** Without the one in CI. */
  readonly edits: readonly FileEdit[];
  /** The edits in CI to choose from, the proposed one first. */
  readonly ciChoices: readonly CiChoice[];
  readonly manual: readonly ManualStep[];
  /** The command that installs the missing packages. Unset if none is missing, or if the root has no `package.json`. */
  readonly install?: string;
  /** The command that runs the audit. */
  readonly check: string;
}

/** Plans all edits. It reads the folder and writes nothing. */
export function planInit(input: PlanInput): InitPlan {
  const { folder, manifest, linters, manager, factories, sanctioned, usesBaseline, baseline } = input;
  const indent = /^[ \t]+(?=")/m.exec(manifest?.text ?? '')?.[0] ?? '  ';
  const edited = linters.linters.map((linter) => editLinter(linter, folder, indent));
  const needed = [...new Set(edited.flatMap(({ packages }) => packages))];
  const home = needed.includes(pluginPackage) || manifest?.dependencies.has(pluginPackage) ? pluginPackage : commandPackage;
  const missing = [...new Set([home, ...needed])].filter((name) => !manifest?.dependencies.has(name));
  const schema = manifest && manager.hasNodeModules ? `./node_modules/${home}/schema.json` : undefined;
  const audit = usesBaseline ? 'clickhouse-ssot audit --baseline' : 'clickhouse-ssot audit';
  const script = manifest && addAuditScript(manifest, audit);
  const check = script ? manager.run([script.name]) : `npx --yes ${audit}`;
  const job: AuditJob = {
    manager: manifest ? manager : undefined,
    audit: (args) => (script ? manager.run([script.name, ...args]) : [check, ...args].join(' ')),
  };
  const ci = ciPlan(input, job, script?.name ?? 'clickhouse-ssot');
  const settings = editSettings(
    folder.read(settingsFileName),
    { factories, sanctioned, ...(schema === undefined ? {} : { schema }) },
    indent,
  );
  const outcomes = [
    settings,
    ...(baseline === undefined ? [] : [editOf(baselineFileName, undefined, baseline)]),
    ...edited.map(({ outcome }) => outcome),
    ...(script ? [script.outcome] : []),
  ];
  return {
    edits: outcomes.flatMap((outcome) => (outcome.kind === 'edit' ? [outcome.edit] : [])),
    ciChoices: ci.kind === 'choices' ? ci.choices : [],
    manual: [
      ...outcomes.flatMap((outcome) => (outcome.kind === 'manual' ? [outcome.step] : [])),
      ...(ci.kind === 'manual' ? [ci.step] : []),
      ...nestedStep(linters.nested),
    ],
    ...(missing.length === 0 || !manifest ? {} : { install: manager.add(missing) }),
    check,
  };
}

interface EditedLinter {
  readonly outcome: EditOutcome;
  /** The packages that the linter loads. */
  readonly packages: readonly string[];
}

function editLinter(linter: Linter, folder: ProjectFolder, indent: string): EditedLinter {
  switch (linter.kind) {
    case 'eslint':
      return editEslintConfig(
        linter.file,
        folder.read(linter.file) ?? '',
        folder.files.some((file) => /\.(?:[cm]?ts|tsx)$/.test(file) && isSourcePath(file)),
      );
    case 'oxlint':
      return { outcome: editOxlintConfig(linter.file, folder.read(linter.file), recommendedRules(), indent), packages: [pluginPackage] };
    case 'too-old':
    case 'biome':
      return { outcome: { kind: 'unchanged' }, packages: [] };
  }
}

/** The rules of the preset `recommended`, with their severities. */
function recommendedRules(): Record<string, 'error' | 'warn'> {
  const included = Object.values<Rule>(rules).filter(({ meta }) => meta.docs.preset === 'recommended');
  return Object.fromEntries(
    included.map(({ name, warnsIn }) => [`clickhouse-ssot/${name}`, warnsIn.includes('recommended') ? 'warn' : 'error']),
  );
}

function ciPlan({ folder, git, ci }: PlanInput, job: AuditJob, script: string): CiPlan {
  if (ci === 'none') return { kind: 'choices', choices: [] };
  if (git.isTopLevel) return planCi({ folder, job, script, isOnGitHub: git.isOnGitHub, wanted: ci });
  const reason = 'The project is a folder of a larger repository.';
  return { kind: 'manual', step: { where: 'CI', reason, lines: [`cd <folder of the project> && ${job.audit([])}`] } };
}

/** A linter that runs in a folder reads the configuration there. Which of these runs is not known. */
function nestedStep(nested: readonly string[]): ManualStep[] {
  if (nested.length === 0) return [];
  const shown = [...nested.slice(0, 6), ...(nested.length > 6 ? [`… and ${nested.length - 6} more`] : [])];
  const reason = 'Linters that run in a folder below the root use these. The audit checks all folders without them.';
  return [{ where: 'Configurations below the root', reason, lines: shown }];
}
