import { resolve } from 'node:path';
import type { ReportFixFunction, RuleContext, RuleFixer } from '@typescript-eslint/utils/ts-eslint';
import type { Finding, TextEdit } from '../findings/finding.js';
import { toPosix } from '../project/paths.js';
import type { Rule } from '../rule/rule.js';
import { projectAnalyses } from '../engine/workspace.js';

/** Of a linter's rule context only what ESLint 9, ESLint 10 and oxlint share is used. */
type LintContext = Readonly<RuleContext<string, []>>;

export function isLintContext(context: object): context is LintContext {
  return 'sourceCode' in context && 'filename' in context && 'report' in context;
}

/** Reports what a rule finds in the file that a linter holds. Whatever goes wrong inside becomes a report: a rule never throws. */
export function lint(rule: Rule, context: LintContext): void {
  try {
    const file = toPosix(resolve(context.cwd, context.filename));
    // A block of another file is not the module that its file name says.
    if (context.physicalFilename !== context.filename || !isSourceFile(file)) return;
    const answer = projectAnalyses.lint(rule, {
      file,
      cwd: toPosix(context.cwd),
      text: context.sourceCode.text,
      override: context.settings['clickhouse-ssot'],
    });
    if (answer.kind === 'problem') reportAtTop(context, 'settings', answer.message);
    else for (const finding of answer.findings) report(context, finding);
  } catch (error) {
    reportAtTop(context, 'failure', error instanceof Error ? `${error.name}: ${error.message}.` : String(error));
  }
}

function isSourceFile(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file);
}

function reportAtTop(context: LintContext, messageId: string, problem: string): void {
  context.report({ loc: { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } }, messageId, data: { problem } });
}

function report(context: LintContext, { span, messageId, data, fix, suggestions }: Finding): void {
  const { sourceCode } = context;
  const end = sourceCode.text.length;
  const loc = { start: sourceCode.getLocFromIndex(Math.min(span.start, end)), end: sourceCode.getLocFromIndex(Math.min(span.end, end)) };
  context.report({
    loc,
    messageId,
    ...(data ? { data: { ...data } } : {}),
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

/** What ESLint and oxlint load: the rule, with the `create` that each calls with a context of its own. */
export interface LinterRule extends Rule {
  create(context: object): Record<string, never>;
}

export function toLinterRule(rule: Rule): LinterRule {
  return {
    ...rule,
    create: (context) => {
      // The model has judged already. A visitor, even of the root alone, would make oxlint build a tree for every file.
      if (isLintContext(context)) lint(rule, context);
      return {};
    },
  };
}
