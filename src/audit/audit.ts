import { posix, resolve } from 'node:path';
import type { Finding, Span } from '../findings/finding.js';
import { matcherOf } from '../settings/globs.js';
import type { Construction } from '../model/connections/constructions.js';
import type { ModuleVerdict } from '../model/factories/infer-factories.js';
import { manifest } from '../engine/package-info.js';
import { describeFactories } from './describe-factories.js';
import { collectNotices } from './notices.js';
import { byPlace } from './join-results.js';
import { positionAt } from '../findings/position.js';
import { relativeTo, toPosix } from '../project/paths.js';
import type { AuditConstruction, AuditFinding, AuditPlace, AuditResult } from './audit-result.js';
import type { Rule } from '../rule/rule.js';
import { type RuleSelection, selectRules } from './select-rules.js';
import { readSettings, readSettingsFile, settingsFileName } from '../settings/load-settings.js';
import { ProjectAnalysis } from '../engine/project-analysis.js';
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
    }
  | { readonly kind: 'error'; readonly problems: readonly string[] };

/** What an audit does, in order: `reading` source files, `analysing` the code, `checking` the rules. */
export type AuditPhase = 'reading' | 'analysing' | 'checking';

/** Receives the start of each phase. */
export type ReportPhase = (phase: AuditPhase, root: string) => void;

/** A project to audit. */
export interface AuditOptions {
  /** The folder of the project. */
  readonly root: string;
  /** The settings file to read in place of the one in the root. Default: the one in the root. */
  readonly settingsFile?: string | undefined;
  /** The rules to run. Default: all. */
  readonly selection?: RuleSelection;
  /** Receives debug facts. Default: none. */
  readonly trace?: Trace;
  /** Is called at the start of each phase. Default: not called. */
  readonly reportPhase?: ReportPhase | undefined;
}

const allRules: RuleSelection = { preset: 'strict', rules: [] };

/**
 * Runs rules on the code base in the folder `root`, without a linter. It does not throw on invalid settings or an empty folder: it returns
 * the problems.
 */
export function audit(options: AuditOptions): AuditOutcome {
  const { settingsFile, selection = allRules, trace = noTrace, reportPhase = () => undefined } = options;
  const root = toPosix(resolve(options.root));
  const settings = settingsFile === undefined ? readSettings(root) : readSettingsFile(settingsFile);
  if (!settings.ok) return { kind: 'error', problems: settings.problems.map(({ message }) => message) };
  reportPhase('reading', root);
  const analysis = new ProjectAnalysis(root, settings.settings, trace);
  const files = analysis.project.sources.size;
  if (files === 0) return { kind: 'error', problems: [noSourceFile(root, settings.settings.vendored)] };
  reportPhase('analysing', root);
  const { model } = analysis;
  reportPhase('checking', root);
  const rules = selectRules(selection);
  const nameSettings = settingsNamer(settingsFile);
  const findings = rules
    .flatMap((rule) =>
      analysis
        .check(rule)
        .findings.filter(({ scope }) => scope !== 'test' || selection.preset === 'strict')
        .map((finding) => describeFinding(finding, rule, analysis)),
    )
    .map((finding) => ({ ...finding, message: nameSettings(finding.message) }));
  const notices = collectNotices(analysis, rules);
  const staleSettings = notices.staleSettings.map(nameSettings);
  return {
    kind: 'done',
    nestedRoots: outermost(analysis.project.filesNamed(settingsFileName).map((file) => posix.dirname(file))),
    sources: [...analysis.project.sources].map((file) => relativeTo(root, file)),
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
      constructions: model.constructions.map((construction) => describeConstruction(construction, analysis)),
      factories: describeFactories(analysis),
      wrappers: model
        .wrappers()
        .map(({ name, kind, span, uses }) => ({ name, kind, ...placeOf(span, analysis), uses: uses.map((use) => placeOf(use, analysis)) })),
      findings: findings.sort((a, b) => byPlace(a, b) || (a.rule < b.rule ? -1 : 1)),
      staleSettings,
      notJudged: notices.notJudged,
      information: notices.information,
      notices: [...notices.notJudged.map(({ message }) => message), ...staleSettings, ...notices.information],
    },
  };
}

/** Messages name the settings file by its usual name. Returns a function that replaces it by the name of the file that was read. */
function settingsNamer(settingsFile: string | undefined): (message: string) => string {
  const name = settingsFile === undefined ? settingsFileName : posix.basename(toPosix(settingsFile));
  return (message) => message.replaceAll(settingsFileName, name);
}

/** Returns the folders that are inside no other one of these. The root itself is none of them. */
function outermost(folders: readonly string[]): string[] {
  const nested = folders.filter((folder) => folder !== '.');
  return nested.filter((folder) => !nested.some((other) => folder.startsWith(`${other}/`)));
}

function noSourceFile(root: string, vendored: readonly string[]): string {
  const excluded = vendored.length > 0 ? ` The setting "vendored" excludes ${vendored.join(', ')}.` : '';
  return `${root}: found no source file, expected at least one .ts, .tsx, .mts, .cts, .js, .jsx, .mjs or .cjs file. The audit reads the files that git tracks or does not ignore; without git, all folders except node_modules and build output.${excluded} Name the folder that contains the code.`;
}

function describeConstruction({ span, constructor, name }: Construction, analysis: ProjectAnalysis): AuditConstruction {
  const reason = sanctionOf(span, analysis);
  return {
    ...placeOf(span, analysis),
    client: constructor.package,
    constructor: name,
    sanctioned: reason !== undefined,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Why a construction is allowed; undefined if it is a finding. */
function sanctionOf({ file }: Span, { project, settings, model }: ProjectAnalysis): string | undefined {
  const path = relativeTo(project.root, file);
  const verdict = model.factories().verdicts.get(file);
  const reason = verdict && allowedBecause(verdict);
  if (reason !== undefined) return reason;
  return settings.sanctioned.find((sanction) => sanction.rules.includes('no-direct-client') && matcherOf([sanction.path])(path))?.reason;
}

function allowedBecause(verdict: ModuleVerdict): string | undefined {
  switch (verdict.kind) {
    case 'factory':
      return verdict.reason === 'declared' ? 'it is in the factory' : 'it is in the inferred factory';
    case 'script':
      return verdict.factories.length === 0 ? 'it is in a script, and the code base has no decided factory' : undefined;
    case 'test':
      return 'it is in a test';
    case 'example':
      return 'it is in an example, which is not judged';
    case 'vendored':
      return 'it is in third-party code, which is not judged';
    default:
      return undefined;
  }
}

function describeFinding({ span, messageId, data, path, fix }: Finding, rule: Rule, analysis: ProjectAnalysis): AuditFinding {
  const end = positionAt(analysis.project.text(span.file) ?? '', span.end);
  return {
    rule: rule.name,
    ...placeOf(span, analysis),
    endLine: end.line,
    endColumn: end.column,
    message: fillPlaceholders(rule.meta.messages[messageId] ?? messageId, data ?? {}),
    fixable: fix !== undefined,
    path: (path ?? []).map((step) => ({ name: step.name, ...placeOf(step.span, analysis) })),
  };
}

function placeOf({ file, start }: Span, { project }: ProjectAnalysis): AuditPlace {
  return { file: relativeTo(project.root, file), ...positionAt(project.text(file) ?? '', start) };
}

/** Fills the placeholders of a message as linters do. */
function fillPlaceholders(message: string, data: Readonly<Record<string, string>>): string {
  return message.replace(/\{\{\s*(\w+)\s*\}\}/g, (placeholder, name: string) => data[name] ?? placeholder);
}
