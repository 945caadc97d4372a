import { isBelow, relativeTo } from '../project/paths.js';
import type { AuditNotJudged, AuditResult } from '../audit/audit-result.js';

/** The sentences of results that are no findings, each kind once. */
export interface AuditSentences {
  readonly staleSettings: readonly string[];
  readonly notJudged: readonly (AuditNotJudged & { readonly result: AuditResult })[];
  /** All other sentences. */
  readonly information: readonly string[];
}

/** Sorts the sentences of results by kind. */
export function sentencesOf(results: readonly AuditResult[]): AuditSentences {
  const staleSettings = results.flatMap((result) => result.staleSettings);
  const notJudged = results.flatMap((result) => result.notJudged.map((file) => ({ ...file, result })));
  const special = new Set([...staleSettings, ...notJudged.map(({ message }) => message)]);
  const information = results.flatMap((result) => result.notices).filter((notice) => !special.has(notice));
  return { staleSettings, notJudged, information };
}

/** Returns a sentence for each comparison with a revision, as in `Since main (1a2b3c4): 2 new findings, 1 gone, 14 known.` */
export function describeSince(results: readonly AuditResult[]): string[] {
  return results.flatMap(({ findings, since }) => {
    if (!since) return [];
    const gone = since.gone.reduce((sum, { count = 1 }) => sum + count, 0);
    const added = `${findings.length} new ${findings.length === 1 ? 'finding' : 'findings'}`;
    return [`Since ${since.revision} (${since.commit.slice(0, 7)}): ${added}, ${gone} gone, ${since.known.length} known.`];
  });
}

/** Returns a sentence for each baseline, as in `3 known findings are not shown: see clickhouse-ssot.baseline.json.` */
export function describeKnown(results: readonly AuditResult[]): string[] {
  const known = new Map<string, number>();
  for (const { root, baseline } of results) {
    if (!baseline) continue;
    const name = isBelow(root, baseline.file) ? relativeTo(root, baseline.file) : baseline.file;
    known.set(name, (known.get(name) ?? 0) + baseline.known.length);
  }
  return [...known]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count === 1 ? '1 known finding is' : `${count} known findings are`} not shown: see ${name}.`);
}
