import { createColors } from 'picocolors';
import { knownFindings } from '../audit/all-findings.js';
import type { AuditResult } from '../audit/audit-result.js';
import { selectRules } from '../audit/select-rules.js';
import { runtimePackage } from '../model/clients/client-packages.js';
import { harmRank } from '../rule/harm.js';
import { describeKnown, describeSince } from './audit-sentences.js';
import { count, type Page } from './page.js';
import { wrap } from './wrap-text.js';

/** Returns the verdict and what was judged, in a few lines. */
export function describeSummary(result: AuditResult, page: Page): string {
  return summaryOf(result, page.colors)
    .map((line) => wrap(line, page.width, ''))
    .join('\n');
}

/** Returns the sentences of the summary, the verdict first. */
export function summaryOf(result: AuditResult, colors: Page['colors'] = createColors(false)): string[] {
  const update = result.baseline?.update ?? '';
  return [
    verdict(result, colors),
    ...describeSince([result]),
    ...describeKnown([result]),
    update,
    judged(result),
    ...factoriesOf(result),
    scope(result),
    unusualRules(result),
  ].filter((line) => line !== '');
}

function verdict(result: AuditResult, colors: Page['colors']): string {
  const { findings } = result;
  if (findings.length === 0) return colors.green(knownFindings(result).length > 0 ? 'No new findings.' : 'No findings.');
  const numbers = new Map<string, number>();
  for (const { rule } of findings) numbers.set(rule, (numbers.get(rule) ?? 0) + 1);
  const rules = [...numbers].sort(([a], [b]) => harmRank(a) - harmRank(b)).map(([rule, number]) => `${number} ${rule}`);
  return `${colors.red(`${count(findings.length, 'finding')}:`)} ${rules.join(', ')}.`;
}

function judged({ files, sliceFiles, constructions }: AuditResult): string {
  return `${count(files, 'source file')} read, ${sliceFiles} analysed in depth; ${constructed(constructions)}.`;
}

function constructed(constructions: AuditResult['constructions']): string {
  const [total, allowed] = [constructions.length, constructions.filter(({ sanctioned }) => sanctioned).length];
  if (total === 0) return 'no client construction';
  if (allowed === total) return total === 1 ? '1 client construction, allowed' : `${total} client constructions, all allowed`;
  return `${count(total, 'client construction')}, ${allowed === 0 ? (total === 1 ? 'not' : 'none') : allowed} allowed`;
}

/** Whether the runtime makes the clients: the project uses it, and no module is a factory or a candidate. */
export function isRuntimeFactory({ factories, usesRuntime }: Pick<AuditResult, 'factories' | 'usesRuntime'>): boolean {
  return usesRuntime && factories.length === 0;
}

/** Names the runtime and inferred factories. The user knows the declared ones. */
function factoriesOf(result: AuditResult): string[] {
  const { factories, constructions } = result;
  if (isRuntimeFactory(result)) return [`Factory: ${runtimePackage}.`];
  if (factories.length === 0 && constructions.length > 0 && constructions.every(({ sanctioned }) => sanctioned))
    return ['No module was taken for the factory: only tests, scripts, examples or sanctioned code constructs clients.'];
  return factories.flatMap(({ file, status, reason, deployables }) => {
    const programs =
      deployables.length === 0 ? '' : ` of ${deployables.map((deployable) => (deployable === '.' ? 'the root' : deployable)).join(', ')}`;
    return status === 'inferred' ? [`Inferred factory${programs}: ${file}, because ${reason}.`] : [];
  });
}

/** Which part of which project, if it is not the whole of one. */
function scope({ root, paths, projects }: AuditResult): string {
  if (paths.length > 0) return `The project is ${root}, as for the linters. This report shows what is in ${paths.join(', ')}.`;
  return projects.length > 1 ? `${projects.length} projects in ${root}: ${projects.map(({ path }) => path).join(', ')}.` : '';
}

/** A run of single rules must not read like a run of a preset. */
function unusualRules({ preset, rules }: AuditResult): string {
  const isSelection = rules.length !== selectRules({ preset, rules: [] }).length;
  if (isSelection) return `Only these rules ran: ${rules.join(', ')}.`;
  return preset === 'strict' ? 'The rules of the preset strict ran.' : '';
}
