import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { AuditPathsOptions } from '../audit/audit-paths.js';
import type { AuditResult } from '../audit/audit-result.js';
import { relativeTo } from '../project/paths.js';
import { compareFindings, type FindingChanges } from './compare-findings.js';
import { LivingAudit } from './living-audit.js';
import { type SyntaxError, syntaxErrorsOf } from './syntax-errors.js';

/** What a look at the disk brought. `unchanged`: nothing that the audit reads changed. */
export type WatchStep =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'first'; readonly result: AuditResult; readonly durationMs: number }
  | { readonly kind: 'changed'; readonly change: WatchChange }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** The difference that a batch of edits made. */
export interface WatchChange extends FindingChanges {
  /** The files that changed, relative to the root. Empty if other settings or another listing are the reason. */
  readonly files: readonly string[];
  /** The syntax errors of the changed files, with paths relative to the root. */
  readonly syntaxErrors: readonly SyntaxError[];
  /** Files that had a syntax error before and have none now. */
  readonly mended: readonly string[];
  /** The number of findings after the edits. */
  readonly left: number;
  readonly durationMs: number;
}

/** An audit that lives on, with the findings that it told last. */
export class WatchSession {
  readonly #audit: LivingAudit;
  #result: AuditResult | undefined;
  #problems = '';
  readonly #broken = new Set<string>();
  /** Files that changed while there was no result to compare with. */
  #pending = new Set<string>();

  constructor(private readonly options: Omit<AuditPathsOptions, 'auditRoot' | 'cache'>) {
    this.#audit = new LivingAudit(options);
  }

  /** Looks at the disk, and audits what has changed. Problems are returned, never thrown: the next edit may mend them. */
  step(): WatchStep {
    const startedAt = performance.now();
    const missing = this.options.paths.filter((path) => !existsSync(path));
    if (missing.length > 0)
      return this.#problem(missing.map((path) => `${path}: found no file or folder. The audit goes on when it exists.`));
    const { outcome, changed, isRenewed } = this.#audit.run();
    for (const file of changed) this.#pending.add(file);
    if (outcome.kind === 'error') return this.#problem(outcome.problems);
    const { result } = outcome;
    const before = this.#result;
    const wasProblem = this.#problems !== '';
    this.#result = result;
    this.#problems = '';
    if (!before) return { kind: 'first', result, durationMs: performance.now() - startedAt };
    const files = [...this.#pending].sort();
    this.#pending = new Set();
    const pathOf = (file: string): string => relativeTo(result.root, file);
    const syntaxErrors = syntaxErrorsOf(files).map((error) => ({ ...error, file: pathOf(error.file) }));
    const mended = this.#noteBroken(files.map(pathOf), syntaxErrors);
    const changes = compareFindings(absolute(before), absolute(result), existsSync);
    const isSame = changes.added.length + changes.gone.length + changes.moved.length + changes.changed.length === 0;
    if (files.length === 0 && isSame && !wasProblem && !isRenewed) return { kind: 'unchanged' };
    const left = result.findings.length;
    const durationMs = performance.now() - startedAt;
    return { kind: 'changed', change: { ...relative(changes, pathOf), files: files.map(pathOf), syntaxErrors, mended, left, durationMs } };
  }

  /** The same problems are printed once. */
  #problem(problems: readonly string[]): WatchStep {
    const text = problems.join('\n');
    if (text === this.#problems) return { kind: 'unchanged' };
    this.#problems = text;
    return { kind: 'problems', problems };
  }

  #noteBroken(files: readonly string[], errors: readonly SyntaxError[]): string[] {
    const broken = new Set(errors.map(({ file }) => file));
    const mended = files.filter((file) => this.#broken.has(file) && !broken.has(file));
    for (const file of mended) this.#broken.delete(file);
    for (const file of broken) this.#broken.add(file);
    return mended;
  }
}

/** Another settings file can move the common root, so that only absolute paths compare. */
function absolute({ root, findings }: AuditResult): AuditResult['findings'] {
  return findings.map((finding) => ({ ...finding, file: posix.join(root, finding.file) }));
}

function relative({ added, gone, moved, changed }: FindingChanges, pathOf: (file: string) => string): FindingChanges {
  const move = <Finding extends { readonly file: string }>(finding: Finding): Finding => ({ ...finding, file: pathOf(finding.file) });
  return {
    added: added.map(move),
    gone: gone.map(move),
    moved: moved.map(({ from, to }) => ({ from: move(from), to: move(to) })),
    changed: changed.map(move),
  };
}
