import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBelow, realPath, relativeTo } from '../../project/paths.js';
import { ruleNames } from '../../settings/rule-names.js';
import type { AuditBaselineEntry, AuditFinding, AuditResult } from '../audit-result.js';
import { type BaselineContent, formatBaseline, readBaseline, writeBaseline } from './baseline-file.js';
import { type BaselineFinding, type BaselineMatch, entriesOf, matchBaseline, mergeEntries } from './match-baseline.js';
import { describeStale, describeUpdate } from './baseline-sentences.js';

/** Name of the baseline in the root of a project, if the user names no file. */
export const baselineFileName = 'clickhouse-ssot.baseline.json';

/** A baseline and what to do with it. */
export interface BaselineRequest {
  /** Absolute path of the file. */
  readonly path: string;
  /** `compare`: only read it. `update`: write the findings of this audit. `prune`: remove entries without a finding, and add none. */
  readonly mode: 'compare' | 'update' | 'prune';
  /** Absolute paths of the folders and files that the audit was asked for. Entries elsewhere are kept. */
  readonly audited: readonly string[];
  /** Whether findings in tests are among the results. If not, entries in tests are kept. */
  readonly includesTests: boolean;
}

/** The results with the known findings set apart, or why the baseline cannot be used. */
export type BaselineOutcome =
  { readonly kind: 'done'; readonly results: readonly AuditResult[] } | { readonly kind: 'error'; readonly problem: string };

/** A finding of one of the results. */
interface Located extends BaselineFinding {
  readonly result: AuditResult;
}

/** Returns the text of a new baseline in the root of the findings' project. */
export function createBaseline(findings: readonly AuditFinding[]): string {
  return formatBaseline(entriesOf(findings.map((finding) => ({ file: finding.file, finding }))));
}

/** Reads a baseline, moves the known findings of the results into `baseline`, and writes the file if the request says so. */
export function applyBaseline(results: readonly AuditResult[], request: BaselineRequest): BaselineOutcome {
  const content = readBaseline(request.path);
  if (content.kind === 'invalid') return { kind: 'error', problem: content.problem };
  if (content.kind === 'missing' && request.mode !== 'update') return { kind: 'error', problem: missing(request) };
  const before = content.kind === 'entries' ? content.entries : [];
  const folder = realPath(dirname(request.path));
  const findings = results.flatMap((result) => result.findings.map((finding) => locate(finding, result, folder)));
  const match = matchBaseline(findings, before, scopeOf(results, request, folder));
  let update: string | undefined;
  if (request.mode !== 'compare') {
    const kept = request.mode === 'update' ? findings : match.known;
    const after = mergeEntries([...entriesOf(kept), ...match.unjudged]);
    const problem = save(request.path, formatBaseline(after), content);
    if (problem !== undefined) return { kind: 'error', problem };
    update = describeUpdate(request.path, { after, added: request.mode === 'update' ? match.added : [], stale: match.stale });
  }
  return { kind: 'done', results: divide(results, request, match, update) };
}

function locate(finding: AuditFinding, result: AuditResult, folder: string): Located {
  return { file: relativeTo(folder, join(realPath(result.root), finding.file)), finding, result };
}

function scopeOf(results: readonly AuditResult[], { audited, includesTests }: BaselineRequest, folder: string) {
  const places = audited.map(realPath);
  const rules = new Set(results.flatMap((result) => result.rules));
  const notJudged = new Set(results.flatMap((result) => result.notJudged.map(({ file }) => join(realPath(result.root), file))));
  // A rule that does not exist any more never has a finding.
  const isRun = (rule: string): boolean => rules.has(rule) || !ruleNames.some((name) => name === rule);
  return {
    exists: (file: string) => existsSync(join(folder, file)),
    judges: ({ file, rule, scope }: AuditBaselineEntry) => {
      const path = join(folder, file);
      const isAudited = places.some((place) => path === place || isBelow(place, path));
      return isAudited && isRun(rule) && !notJudged.has(path) && (scope !== 'test' || includesTests);
    },
  };
}

/** Writes the file if its text changes. Line endings alone are no change: version control may convert them. */
function save(path: string, text: string, before: BaselineContent): string | undefined {
  const isSame = before.kind === 'entries' && before.text.replace(/\r\n/g, '\n') === text;
  return isSame ? undefined : writeBaseline(path, text);
}

/** Distributes the comparison to the results. A stale entry belongs to the result whose root contains it, else to the first. */
function divide(
  results: readonly AuditResult[],
  { path, mode }: BaselineRequest,
  match: BaselineMatch,
  update: string | undefined,
): AuditResult[] {
  const isNew = new Set(mode === 'update' ? [] : match.added.map(({ finding }) => finding));
  const folder = realPath(dirname(path));
  const ownerOf = ({ file }: AuditBaselineEntry): number =>
    Math.max(
      0,
      results.findIndex(({ root }) => isBelow(realPath(root), join(folder, file))),
    );
  // An update removes the stale entries.
  const allStale = mode === 'compare' ? match.stale : [];
  return results.map((result, index) => {
    const stale = allStale.filter((entry) => ownerOf(entry) === index);
    const findings = result.findings.filter((finding) => isNew.has(finding));
    const known = result.findings.filter((finding) => !isNew.has(finding));
    const staleEntries = describeStale(path, stale, match.added);
    // Several results can share a file: its update is reported once.
    const ownUpdate = index === 0 ? update : undefined;
    return {
      ...result,
      findings,
      baseline: { file: path, known, stale, ...(ownUpdate === undefined ? {} : { update: ownUpdate }) },
      staleSettings: [...result.staleSettings, ...staleEntries],
      notices: [...(ownUpdate === undefined ? [] : [ownUpdate]), ...staleEntries, ...result.notices],
    };
  });
}

function missing({ path, mode }: BaselineRequest): string {
  const advice = mode === 'compare' ? 'Write it with --update-baseline.' : 'Write it with --update-baseline instead.';
  return `${path}: found no baseline, expected an existing file. ${advice}`;
}
