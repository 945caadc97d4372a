import { resolve } from 'node:path';
import { rules } from '../../rules/index.js';
import { type Finding, messageOf, type Span } from '../findings/finding.js';
import { matcherOf } from '../settings/globs.js';
import type { Construction } from '../model/connections/constructions.js';
import { manifest } from '../engine/package-info.js';
import { collectNotices } from './notices.js';
import { positionAt } from '../findings/position.js';
import { relativeTo, toPosix } from '../project/paths.js';
import type { AuditConstruction, AuditDisabled, AuditFinding, AuditPlace, AuditResult } from './audit-result.js';
import type { Rule } from '../rule/rule.js';
import { readSettings } from '../settings/load-settings.js';
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
    }
  | { readonly kind: 'error'; readonly problems: readonly string[] };

/**
 * Runs every rule on the code base in the folder `root`, without a linter. It does not throw on invalid settings or an empty folder: it
 * returns the problems.
 */
export function audit(options: { readonly root: string; readonly trace?: Trace }): AuditOutcome {
  const root = toPosix(resolve(options.root));
  const settings = readSettings(root);
  if (!settings.ok) return { kind: 'error', problems: settings.problems.map(({ message }) => message) };
  const analysis = new ProjectAnalysis(root, settings.settings, options.trace ?? noTrace);
  const files = analysis.project.sources.size;
  if (files === 0) return { kind: 'error', problems: [noSourceFile(root, settings.settings.vendored)] };
  const { model } = analysis;
  const allRules = Object.values(rules);
  const nested = nestedRoots(analysis.project);
  const judged = allRules.map((rule) => ({ rule, ...splitDisabled(rule, analysis) }));
  const disabledClients = judged.flatMap(({ rule, disabled }) => (rule === rules['no-direct-client'] ? disabled : []));
  return {
    kind: 'done',
    nestedRoots: nested,
    result: {
      schemaVersion: 1,
      tool: { name: manifest.name, version: manifest.version },
      root,
      files,
      sliceFiles: model.slice.size,
      constructions: model.constructions.map((construction) => describeConstruction(construction, analysis, disabledClients)),
      wrappers: model
        .wrappers()
        .map(({ name, kind, span, uses }) => ({ name, kind, ...placeOf(span, analysis), uses: uses.map((use) => placeOf(use, analysis)) })),
      findings: judged.flatMap(({ rule, findings }) => findings.map((finding) => describeFinding(finding, rule, analysis))).sort(byPlace),
      disabled: judged.flatMap(({ rule, disabled }) => disabled.map((entry) => describeDisabled(entry, rule, analysis))).sort(byPlace),
      staleSettings: analysis.staleSettings(allRules).map(({ message }) => message),
      notices: collectNotices(analysis, allRules, nested),
    },
  };
}

interface DisabledFinding {
  readonly finding: Finding;
  readonly reason: string;
}

/** Sets the findings of a rule apart that a comment disables: a linter does the same with what the rule reports there. */
function splitDisabled(rule: Rule, analysis: ProjectAnalysis): { findings: readonly Finding[]; disabled: readonly DisabledFinding[] } {
  const all = analysis
    .check(rule)
    .findings.map((finding) => ({ finding, by: analysis.disablesIn(finding.span.file).at(rule.name, finding.span) }));
  return {
    findings: all.flatMap(({ finding, by }) => (by.length === 0 ? [finding] : [])),
    disabled: all.flatMap(({ finding, by }) =>
      by.length === 0 ? [] : [{ finding, reason: by.map(({ reason }) => reason).find((reason) => reason !== '') ?? '' }],
    ),
  };
}

function describeDisabled({ finding, reason }: DisabledFinding, rule: Rule, analysis: ProjectAnalysis): AuditDisabled {
  return { rule: rule.name, ...placeOf(finding.span, analysis), ...(reason === '' ? {} : { reason }) };
}

function noSourceFile(root: string, vendored: readonly string[]): string {
  const excluded = vendored.length > 0 ? ` The setting "vendored" excludes ${vendored.join(', ')}.` : '';
  return `${root}: found no source file, expected at least one .ts, .tsx, .mts, .cts, .js, .jsx, .mjs or .cjs file. The audit reads the files that git tracks or does not ignore; without git, all folders except node_modules and build output.${excluded} Name the folder that contains the code.`;
}

function describeConstruction(
  { span, constructor }: Construction,
  analysis: ProjectAnalysis,
  disabledClients: readonly DisabledFinding[],
): AuditConstruction {
  const reason = sanctionOf(span, analysis, disabledClients);
  return {
    ...placeOf(span, analysis),
    client: constructor.package,
    constructor: constructor.name,
    sanctioned: reason !== undefined,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Returns why a construction is allowed; undefined if it is not. */
function sanctionOf({ file, start }: Span, analysis: ProjectAnalysis, disabledClients: readonly DisabledFinding[]): string | undefined {
  const { project, settings } = analysis;
  if (matcherOf(settings.factories)(relativeTo(project.root, file))) return 'it is in the factory';
  const isHere = ({ span }: Finding): boolean => span.file === file && span.start === start;
  const sanction = analysis.check(rules['no-direct-client']).sanctioned.find(({ finding }) => isHere(finding))?.sanction;
  const disabled = disabledClients.find(({ finding }) => isHere(finding));
  return sanction?.reason ?? (disabled && (disabled.reason === '' ? 'a comment disables the rule' : disabled.reason));
}

function describeFinding(finding: Finding, rule: Rule, analysis: ProjectAnalysis): AuditFinding {
  const { span, messageId, path, fix } = finding;
  const end = positionAt(analysis.project.text(span.file) ?? '', span.end);
  return {
    rule: rule.name,
    ...placeOf(span, analysis),
    endLine: end.line,
    endColumn: end.column,
    message: messageOf(finding, rule.meta.messages[messageId] ?? messageId),
    fixable: fix !== undefined,
    path: (path ?? []).map((step) => ({ name: step.name, ...placeOf(step.span, analysis) })),
  };
}

function placeOf({ file, start }: Span, { project }: ProjectAnalysis): AuditPlace {
  return { file: relativeTo(project.root, file), ...positionAt(project.text(file) ?? '', start) };
}

function byPlace(a: AuditFinding | AuditDisabled, b: AuditFinding | AuditDisabled): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return order(a.file, b.file) || a.line - b.line || a.column - b.column || order(a.rule, b.rule);
}
