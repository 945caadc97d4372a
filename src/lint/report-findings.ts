import { resolve } from 'node:path';
import type { ReportFixFunction, RuleContext, RuleFixer } from '@typescript-eslint/utils/ts-eslint';
import type { ProjectAnalyses } from '../engine/project-analyses.js';
import { type Finding, type TextEdit, messageOf } from '../findings/finding.js';
import { hasSourceExtension } from '../project/list-files.js';
import { toPosix } from '../project/paths.js';
import type { Rule, RuleInfo, RuleOptions } from '../rule/rule.js';
import { lintedTextOf } from './component-section.js';

/** The members of a linter's rule context that ESLint 9, ESLint 10 and oxlint share. */
type LintContext = Readonly<RuleContext<string, readonly RuleOptions[]>>;

/** A rule as ESLint and oxlint load it. */
export interface LinterRule extends RuleInfo {
  /** Reports the findings in one file. Each linter calls it with a context of its own. */
  create(context: object): Record<string, never>;
}

/** Returns a rule that a linter can load: it reports what `analyses` find in each linted file. `plugin.ts` calls it for each rule. */
export function toLinterRule(rule: Rule, analyses: ProjectAnalyses): LinterRule {
  return {
    name: rule.name,
    subject: rule.subject,
    warnsIn: rule.warnsIn,
    meta: rule.meta,
    create: (context) => {
      // The findings exist already. A visitor, even of the root alone, would make oxlint build a tree for every file.
      if (isLintContext(context)) reportFindings(rule, context, analyses);
      return {};
    },
  };
}

function isLintContext(context: object): context is LintContext {
  return 'sourceCode' in context && 'filename' in context && 'report' in context;
}

/** Reports the findings of a rule in the linted file. An error becomes a report too: a rule never throws. */
function reportFindings(rule: Rule, context: LintContext, analyses: ProjectAnalyses): void {
  try {
    const file = toPosix(resolve(context.cwd, context.filename));
    // A code block inside another file is not the module that its file name suggests.
    if (context.physicalFilename !== context.filename || !hasSourceExtension(file)) return;
    const { text } = context.sourceCode;
    const linted = lintedTextOf(file, text);
    if (linted.kind === 'unknown') return;
    const reportsTests = context.options[0]?.tests === true;
    const result = analyses.lint(rule, {
      file,
      cwd: toPosix(context.cwd),
      text: linted.kind === 'file' ? text : undefined,
      override: context.settings['clickhouse-ssot'],
    });
    if (result.kind === 'problem') {
      for (const message of result.messages) reportAtTop(context, 'settings', message);
      return;
    }
    const start = linted.kind === 'section' ? linted.start : 0;
    for (const finding of result.findings) {
      const isHere = finding.span.start >= start && finding.span.end <= start + text.length;
      if (isHere && (finding.scope !== 'test' || reportsTests)) report(context, moveFinding(finding, -start), rule);
    }
  } catch (error) {
    reportAtTop(context, 'failure', error instanceof Error ? `${error.name}: ${error.message}.` : String(error));
  }
}

/** Moves a finding by a number of characters: in a section, offsets count from its start. */
function moveFinding(finding: Finding, offset: number): Finding {
  if (offset === 0) return finding;
  const move = (edits: readonly TextEdit[]) => edits.map((edit) => ({ ...edit, start: edit.start + offset, end: edit.end + offset }));
  return {
    ...finding,
    span: { ...finding.span, start: finding.span.start + offset, end: finding.span.end + offset },
    ...(finding.fix ? { fix: move(finding.fix) } : {}),
    ...(finding.suggestions
      ? { suggestions: finding.suggestions.map((suggestion) => ({ ...suggestion, edits: move(suggestion.edits) })) }
      : {}),
  };
}

function reportAtTop(context: LintContext, messageId: string, problem: string): void {
  context.report({ loc: { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } }, messageId, data: { problem } });
}

function report(context: LintContext, finding: Finding, { meta }: Rule): void {
  const { span, messageId, data, fix, suggestions, note } = finding;
  const { sourceCode } = context;
  const end = sourceCode.text.length;
  const loc = { start: sourceCode.getLocFromIndex(Math.min(span.start, end)), end: sourceCode.getLocFromIndex(Math.min(span.end, end)) };
  const text =
    note === undefined
      ? { messageId, ...(data ? { data: { ...data } } : {}) }
      : { messageId: 'noted', data: { message: messageOf(finding, meta.messages[messageId] ?? messageId) } };
  context.report({
    loc,
    ...text,
    ...(fix ? { fix: fixer(fix) } : {}),
    ...(suggestions
      ? {
          suggest: suggestions.map((suggestion) => ({
            messageId: suggestion.messageId,
            ...(suggestion.data ? { data: { ...suggestion.data } } : {}),
            fix: fixer(suggestion.edits),
          })),
        }
      : {}),
  });
}

function fixer(edits: readonly TextEdit[]): ReportFixFunction {
  return (fix: RuleFixer) => edits.map(({ start, end, text }) => fix.replaceTextRange([start, end], text));
}
