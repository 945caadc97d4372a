import { resolve } from 'node:path';
import { manifest } from '../engine/package-info.js';
import { auditFile, type AuditFileOutcome } from '../explain/audit-file.js';
import { explainFile } from '../explain/explain-file.js';
import { explainLine } from '../explain/explain-line.js';
import { explainRule } from '../explain/explain-rule.js';
import type { Explanation } from '../explain/explanation.js';
import { fileText } from '../explain/file-text.js';
import { lineText } from '../explain/line-text.js';
import { parseTarget, type Target } from '../explain/parse-target.js';
import { ruleText } from '../explain/rule-text.js';
import type { TerminalOptions } from '../explain/terminal-page.js';
import { toPosix } from '../project/paths.js';
import { createTrace, noTrace } from '../trace/trace.js';
import { type CacheOptions, cacheChoiceOf, fail } from './audit-command.js';
import type { CliContext } from './audit-command.js';
import { checkPaths } from './audit-options.js';
import { exitCodes } from './exit-codes.js';
import { unknownName } from './option-problems.js';

/** The options of the command `explain`, as the user typed them. */
export interface ExplainOptions extends CacheOptions {
  /** `text` or `json`. Any other value is an error of the user. */
  readonly format: string;
  /** The settings file. Default: that of the project. */
  readonly config?: string;
  /** Whether to write debug facts to standard error. Default: `debug` of the context. */
  readonly debug?: boolean;
}

const formats = ['text', 'json'];

/** Explains a rule, a file or a line, and returns the exit code: 0 explained, 2 nothing to explain or the audit could not run. */
export function runExplain(argument: string, options: ExplainOptions, context: CliContext): number {
  const { format } = options;
  if (!formats.includes(format)) return fail([unknownName('--format', format, formats)], context);
  const target = parseTarget(argument);
  if (target.kind === 'mistake') return fail([target.problem], context);
  const paths = checkPaths(target.kind === 'rule' ? ['.'] : [target.file], options);
  if (!paths.ok) return fail(paths.problems, context);
  const explained = explain(target, options, context);
  if ('problems' in explained) return fail(explained.problems, context);
  const terminal: TerminalOptions = { color: context.color, width: context.width, cwd: toPosix(process.cwd()) };
  context.write(format === 'json' ? toJson(explained) : toText(explained, terminal));
  return exitCodes.clean;
}

type Problems = Extract<AuditFileOutcome, { readonly kind: 'error' }>;

function explain(
  target: Exclude<Target, { readonly kind: 'mistake' }>,
  options: ExplainOptions,
  context: CliContext,
): Explanation | Problems {
  if (target.kind === 'rule') return explainRule(target.rule);
  const outcome = auditWithProgress(target.file, options, context);
  if (outcome.kind === 'error') return outcome;
  return target.kind === 'line' ? explainLine(target.line, outcome.audited) : explainFile(outcome.audited);
}

function auditWithProgress(file: string, options: ExplainOptions, context: CliContext): AuditFileOutcome {
  const isTraced = options.debug ?? context.debug;
  const progress = isTraced ? undefined : context.startProgress?.();
  try {
    return auditFile(file, {
      settingsFile: options.config === undefined ? undefined : toPosix(resolve(options.config)),
      cache: cacheChoiceOf(options) ?? context.cache,
      useCodeFolder: context.useCodeFolder,
      trace: isTraced ? createTrace(context.writeError) : noTrace,
      reportPhase: progress?.report,
    });
  } finally {
    progress?.stop();
  }
}

function toText(explanation: Explanation, options: TerminalOptions): string {
  switch (explanation.kind) {
    case 'rule':
      return ruleText(explanation, options);
    case 'line':
      return lineText(explanation, options);
    case 'file':
      return fileText(explanation, options);
  }
}

function toJson(explanation: Explanation): string {
  return `${JSON.stringify({ schemaVersion: 1, tool: manifest, ...explanation }, undefined, 2)}\n`;
}
