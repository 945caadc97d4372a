import { posix, resolve } from 'node:path';
import { rules } from '../../rules/index.js';
import type { Finding, Span } from '../findings/finding.js';
import { matcherOf } from '../settings/globs.js';
import type { Construction } from '../model/connections/constructions.js';
import { manifest } from '../engine/package-info.js';
import { collectNotices } from './notices.js';
import { positionAt } from '../findings/position.js';
import { relativeTo, toPosix } from '../project/paths.js';
import type { AuditConstruction, AuditFinding, AuditPlace, AuditResult } from './audit-result.js';
import type { Rule } from '../rule/rule.js';
import { readSettings, settingsFileName } from '../settings/load-settings.js';
import { ProjectAnalysis } from '../engine/project-analysis.js';
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
  return {
    kind: 'done',
    nestedRoots: outermost(analysis.project.filesNamed(settingsFileName).map((file) => posix.dirname(file))),
    result: {
      schemaVersion: 1,
      tool: { name: manifest.name, version: manifest.version },
      root,
      files,
      sliceFiles: model.slice.size,
      constructions: model.constructions.map((construction) => describeConstruction(construction, analysis)),
      wrappers: model
        .wrappers()
        .map(({ name, kind, span, uses }) => ({ name, kind, ...placeOf(span, analysis), uses: uses.map((use) => placeOf(use, analysis)) })),
      findings: Object.values(rules)
        .flatMap((rule) => analysis.check(rule).findings.map((finding) => describeFinding(finding, rule, analysis)))
        .sort(byPlace),
      notices: collectNotices(analysis, Object.values(rules)),
    },
  };
}

/** Returns the folders that are inside no other one of these. The root itself is none of them. */
function outermost(folders: readonly string[]): string[] {
  const nested = folders.filter((folder) => folder !== '.');
  return nested.filter((folder) => !nested.some((other) => folder.startsWith(`${other}/`)));
}

function noSourceFile(root: string, vendored: readonly string[]): string {
  const excluded = vendored.length > 0 ? ` The setting "vendored" excludes ${vendored.join(', ')}.` : '';
  return `${root}: found no source file, expected at least one .ts, .tsx, .mts, .cts, .js, .jsx, .mjs, .cjs, .vue, .svelte or .astro file. The audit reads the files that git tracks or does not ignore; without git, all folders except node_modules and build output.${excluded} Name the folder that contains the code.`;
}

function describeConstruction({ span, constructor }: Construction, analysis: ProjectAnalysis): AuditConstruction {
  const reason = sanctionOf(span, analysis);
  return {
    ...placeOf(span, analysis),
    client: constructor.package,
    constructor: constructor.name,
    sanctioned: reason !== undefined,
    ...(reason === undefined ? {} : { reason }),
  };
}

function sanctionOf({ file }: Span, { project, settings }: ProjectAnalysis): string | undefined {
  const path = relativeTo(project.root, file);
  if (matcherOf(settings.factories)(path)) return 'it is in the factory';
  return settings.sanctioned.find((sanction) => sanction.rules.includes('no-direct-client') && matcherOf([sanction.path])(path))?.reason;
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

function byPlace(a: AuditFinding, b: AuditFinding): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return order(a.file, b.file) || a.line - b.line || a.column - b.column || order(a.rule, b.rule);
}
