import { posix, resolve } from 'node:path';
import { manifest } from '../engine/package-info.js';
import { describeConstructions } from './describe-constructions.js';
import { describeFactories } from './describe-factories.js';
import { type AuditedModule, describeModules } from './describe-modules.js';
import { describeRoles } from './describe-roles.js';
import { describeGraph } from './describe-graph.js';
import { describeJudged, judgeRules } from './judge-rules.js';
import { collectNotices } from './notices.js';
import { placeOf } from './place-of.js';
import type { Model } from '../model/model.js';
import { relativeTo, toPosix } from '../project/paths.js';
import type { DiskAccess } from '../project/project.js';
import type { AuditResult } from './audit-result.js';
import { type RuleSelection, selectRules } from './select-rules.js';
import { readSettings, readSettingsFile, settingsFileName } from '../settings/load-settings.js';
import { ProjectAnalysis } from '../engine/project-analysis.js';
import { nestedRoots } from '../engine/stale-settings.js';
import { noTrace, type Trace } from '../trace/trace.js';

/** The result of an audit, or why it could not run. */
export type AuditOutcome =
  | {
      readonly kind: 'done';
      readonly result: AuditResult;
      /** Folders below the root, relative to it, that have a settings file of their own. Nested ones inside these are left out. */
      readonly nestedRoots: readonly string[];
      /** Paths of all source files, relative to the root. */
      readonly sources: readonly string[];
      /** Facts about the files that were analysed in depth, for `explain`. */
      readonly modules: readonly AuditedModule[];
    }
  | { readonly kind: 'error'; readonly problems: readonly string[] };

/** The phases of an audit, in order: `reading` source files, `analysing` the code, `checking` the rules. */
export type AuditPhase = 'reading' | 'analysing' | 'checking';

/** Receives the start of each phase. */
export type ReportPhase = (phase: AuditPhase, root: string) => void;

/** A project to audit. */
export interface AuditOptions {
  /** The folder of the project. */
  readonly root: string;
  /** The settings file to read in place of the one in the root. Default: the one in the root. */
  readonly settingsFile?: string | undefined;
  /** Keys that replace those of the settings file in the root. Default: none. */
  readonly override?: object;
  /** The rules to run. Default: all. */
  readonly selection?: RuleSelection;
  /** Receives debug facts. Default: none. */
  readonly trace?: Trace;
  /** Is called at the start of each phase. Default: not called. */
  readonly reportPhase?: ReportPhase | undefined;
  /** Parts of the access to the disk that the caller takes over. Default: none. */
  readonly disk?: DiskAccess;
}

/** All rules, also on tests. */
const everything: RuleSelection = { preset: 'strict', rules: [] };

/**
 * Runs rules on the code base in the folder `root`, without a linter. It does not throw on invalid settings or an empty folder: it returns
 * the problems.
 */
export function audit(options: AuditOptions): AuditOutcome {
  const { settingsFile, override, selection = everything, trace = noTrace, reportPhase = () => undefined, disk } = options;
  const root = toPosix(resolve(options.root));
  const settings = settingsFile === undefined ? readSettings(root, override) : readSettingsFile(settingsFile);
  if (!settings.ok) return { kind: 'error', problems: settings.problems.map(({ message }) => message) };
  reportPhase('reading', root);
  return auditAnalysis(new ProjectAnalysis(root, settings.settings, trace, [], undefined, disk), { settingsFile, selection, reportPhase });
}

/** Runs rules on an analysis as it is. An analysis that lives on audits again at the cost of what has changed. */
export function auditAnalysis(
  analysis: ProjectAnalysis,
  { settingsFile, selection = everything, reportPhase = () => undefined }: Pick<AuditOptions, 'settingsFile' | 'selection' | 'reportPhase'>,
): AuditOutcome {
  const { root } = analysis.project;
  const files = analysis.project.sources.size;
  if (files === 0) return { kind: 'error', problems: [noSourceFile(root, analysis.settings.vendored)] };
  reportPhase('analysing', root);
  const rules = selectRules(selection);
  const includesTests = selection.preset === 'strict';
  const nameSettings = settingsNamer(settingsFile);
  const nested = nestedRoots(analysis.project);
  const { model, judged, wrappers, factories, roles, modules } = settled(analysis, (model) => {
    reportPhase('checking', root);
    return {
      model,
      wrappers: model.wrappers(),
      factories: describeFactories(analysis),
      roles: describeRoles(analysis),
      modules: describeModules(analysis),
      judged: judgeRules(analysis, rules, includesTests),
    };
  });
  const { findings, sanctioned, disabled } = describeJudged(judged, analysis, nameSettings);
  const notices = collectNotices(analysis, rules, nested);
  const staleSettings = analysis.staleSettings(selectRules(everything)).map(({ message }) => nameSettings(message));
  return {
    kind: 'done',
    nestedRoots: nested,
    sources: [...analysis.project.sources].map((file) => relativeTo(root, file)),
    modules,
    result: {
      schemaVersion: 1,
      tool: { name: manifest.name, version: manifest.version },
      root,
      preset: selection.preset,
      rules: rules.map(({ name }) => name),
      projects: [{ path: '.', files, sliceFiles: model.slice.size }],
      paths: [],
      files,
      sliceFiles: model.slice.size,
      constructions: describeConstructions(analysis, includesTests),
      factories,
      wrappers: wrappers.map(({ name, kind, span, uses }) => ({
        name,
        kind,
        ...placeOf(span, analysis),
        uses: uses.map((use) => placeOf(use, analysis)),
      })),
      usesRuntime: model.usesRuntime(),
      ...roles,
      graph: describeGraph(analysis, findings),
      checklist: [],
      findings,
      sanctioned,
      disabled,
      staleSettings,
      notJudged: notices.notJudged,
      incomplete: notices.incomplete,
      information: notices.information,
      notices: [...notices.notJudged.map(({ message }) => message), ...staleSettings, ...notices.information],
    },
  };
}

/** Computes results of the model, and again if a file was skipped meanwhile: one that overflows the stack is left out of all results. */
function settled<Results>(analysis: ProjectAnalysis, compute: (model: Model) => Results): Results {
  for (;;) {
    const { model } = analysis;
    const results = compute(model);
    if (analysis.model === model) return results;
  }
}

/** Messages name the settings file by its usual name. Returns a function that replaces it by the name of the file that was read. */
function settingsNamer(settingsFile: string | undefined): (message: string) => string {
  const name = settingsFile === undefined ? settingsFileName : posix.basename(toPosix(settingsFile));
  return (message) => message.replaceAll(settingsFileName, name);
}

function noSourceFile(root: string, vendored: readonly string[]): string {
  const excluded = vendored.length > 0 ? ` The setting "vendored" excludes ${vendored.join(', ')}.` : '';
  return `${root}: found no source file, expected at least one .ts, .tsx, .mts, .cts, .js, .jsx, .mjs, .cjs, .vue, .svelte or .astro file. The audit reads the files that git tracks or does not ignore; without git, all folders except node_modules and build output.${excluded} Name the folder that contains the code.`;
}
