import { createColors } from 'picocolors';
import type { AuditPlace, AuditResult } from '../audit/audit-result.js';
import { contains } from '../audit/join-results.js';
import { describeChecklist } from './checklist.js';
import { groupFindings } from './group-findings.js';
import { describeFindings } from './finding-blocks.js';
import { describeInventory } from './inventory.js';
import { nextSteps } from './next-steps.js';
import { list, type Page, placeOf, section, type TextOptions } from './page.js';
import { describeSummary } from './summary.js';
import { wrap } from './wrap-text.js';

export type { TextOptions } from './page.js';

/**
 * Returns the report for users: findings, the most harmful first, settings without effect, files that were not judged, the verdict and the
 * next steps. `quiet` leaves out all but findings and what makes the audit fail; `verbose` adds all constructions, wrappers and roles.
 */
export function toText(result: AuditResult, options: TextOptions): string {
  const page: Page = { colors: createColors(options.color), width: options.width };
  const { detail = 'normal', strictSettings = false } = options;
  const stale = list('Settings without effect', result.staleSettings, page);
  const blocks =
    detail === 'quiet'
      ? [...findingsOf(result, page), strictSettings ? stale : '']
      : [
          ...findingsOf(result, page),
          stale,
          list(
            'Not judged',
            result.notJudged.map(({ message }) => message),
            page,
          ),
          list(
            'Disabled by comments',
            result.disabled.map((entry) => `${placeOf(entry)}  ${entry.rule}  ${entry.reason ?? 'without a reason'}`),
            page,
          ),
          ...(detail === 'verbose' ? describeInventory(result, page) : []),
          describeSummary(result, page),
          describeChecklist(result.checklist, page),
          describeNextSteps(result, page),
          detail === 'normal' && hasInventory(result) ? page.colors.dim(wrap(inventoryHint, page.width, '')) : '',
        ];
  const text = blocks.filter((block) => block !== '').join('\n\n');
  return text === '' ? '' : `${text}\n`;
}

const inventoryHint = '--verbose lists the client constructions, the code that creates or exports clients, the accessors and the managers.';

function hasInventory({ constructions, wrappers, information }: AuditResult): boolean {
  return constructions.length + wrappers.length + information.length > 0;
}

/** Several projects have one section each. */
function findingsOf(result: AuditResult, page: Page): string[] {
  if (result.projects.length < 2) return describeFindings(groupFindings(result.findings), page);
  return result.projects.flatMap(({ path }) => {
    const isOwn = ({ file }: AuditPlace): boolean => projectOf(file, result) === path;
    const blocks = describeFindings(groupFindings(result.findings.filter(isOwn)), page);
    return blocks.length === 0 ? [] : [page.colors.bold(page.colors.underline(path === '.' ? result.root : path)), ...blocks];
  });
}

/** The innermost project that contains the file. */
function projectOf(file: string, { projects }: AuditResult): string | undefined {
  return projects
    .map(({ path }) => path)
    .filter((path) => contains(path, file))
    .sort((a, b) => (b === '.' ? 0 : b.length) - (a === '.' ? 0 : a.length))[0];
}

function describeNextSteps(result: AuditResult, page: Page): string {
  const steps = nextSteps(result);
  if (steps.length === 0) return '';
  const [only = ''] = steps;
  if (steps.length === 1) return wrap(`${page.colors.bold('Next:')} ${only}`, page.width, '');
  return section(
    'Next',
    steps.map((step, index) => wrap(`${index + 1}. ${step}`, page.width, '  ', '     ')),
    page,
  );
}
