import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyBaseline, baselineFileName, type BaselineOutcome } from '../audit/baseline/apply-baseline.js';
import type { AuditResult } from '../audit/audit-result.js';
import type { ReportFile } from './report-targets.js';

/** The options of the command `audit` that concern the baseline, as the user typed them. */
export interface BaselineOptions {
  /** The baseline file; `true` for the one in the root of the project. Default: no baseline. */
  readonly baseline?: string | true;
  /** Whether to write the findings to the baseline. Default: false. */
  readonly updateBaseline?: boolean;
  /** Whether to remove what no longer exists from the baseline. Default: false. */
  readonly pruneBaseline?: boolean;
}

/** Returns the first mistake in the options. `reports` lists the files of the reports. */
export function checkBaselineOptions(
  { baseline, updateBaseline, pruneBaseline }: BaselineOptions,
  reports: readonly ReportFile[],
): string | undefined {
  const write = updateBaseline === true ? '--update-baseline' : '--prune-baseline';
  if (updateBaseline === true && pruneBaseline === true)
    return '--prune-baseline: found together with --update-baseline, expected one of them. An update also removes what no longer exists.';
  if (baseline === undefined)
    return updateBaseline === true || pruneBaseline === true
      ? `${write}: found no --baseline, expected it beside ${write}. Add --baseline, or --baseline with a file name.`
      : undefined;
  if (baseline === true) return undefined;
  if (baseline === '') return '--baseline: found an empty name, expected a file. Name a file, or leave the name out.';
  if (isFolder(baseline))
    return `--baseline: found the folder ${baseline}, expected a file. If it is the folder to audit, put it in front: audit ${baseline} --baseline.`;
  const report = reports.find(({ path }) => resolve(path) === resolve(baseline));
  return report
    ? `--baseline: found the same file as in ${report.option} (${report.path}), expected another one. The report would replace the baseline.`
    : undefined;
}

/**
 * Moves the known findings of the results into their `baseline`, if the user asked for one. A named file serves all results; without a
 * name each root has its own. `audited` lists the folders and files that the user named, as absolute paths.
 */
export function useBaseline(results: readonly AuditResult[], audited: readonly string[], options: BaselineOptions): BaselineOutcome {
  const { baseline, updateBaseline, pruneBaseline } = options;
  if (baseline === undefined) return { kind: 'done', results };
  const mode = updateBaseline === true ? 'update' : pruneBaseline === true ? 'prune' : 'compare';
  const request = { mode, audited, includesTests: results.every(({ preset }) => preset === 'strict') } as const;
  if (baseline !== true) return applyBaseline(results, { ...request, path: resolve(baseline) });
  const outcomes = results.map((result) => applyBaseline([result], { ...request, path: join(result.root, baselineFileName) }));
  const error = outcomes.find((outcome) => outcome.kind === 'error');
  return error ?? { kind: 'done', results: outcomes.flatMap((outcome) => (outcome.kind === 'done' ? outcome.results : [])) };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
