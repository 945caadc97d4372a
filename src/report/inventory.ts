import type { AuditConstruction, AuditResult, AuditWrapper } from '../audit/audit-result.js';
import { list, type Page, placeOf, section } from './page.js';
import { wrap } from './wrap-text.js';

/** Returns what `--verbose` adds: all client constructions, the code that creates or exports clients with its uses, and the roles. */
export function describeInventory({ constructions, wrappers, information }: AuditResult, page: Page): string[] {
  return [
    section(
      'Client constructions',
      constructions.map((construction) => describeConstruction(construction, page)),
      page,
    ),
    section(
      'Code that creates or exports clients',
      wrappers.map((wrapper) => describeWrapper(wrapper, page)),
      page,
    ),
    list('Notes', information, page),
  ];
}

function describeConstruction(construction: AuditConstruction, { colors, width }: Page): string {
  const { client, constructor, sanctioned, reason } = construction;
  const verdict = sanctioned ? colors.green('allowed') : colors.red('not allowed');
  const details = `${verdict}, ${constructor} of ${client}${reason === undefined ? '' : `: ${reason}`}`;
  return wrap(`${placeOf(construction)}  ${details}`, width, '  ', '    ');
}

const wrapperLabels = {
  function: 'creates a client at each call',
  class: 'creates a client for each instance',
  client: 'exports the client itself',
} as const;

/** Says nothing of a wrapper without known uses: a container or an unanalysed file may use it. */
function describeWrapper(wrapper: AuditWrapper, { colors, width }: Page): string {
  const label = `${wrapper.name} ${wrapperLabels[wrapper.kind]}${wrapper.uses.length > 0 ? ', used at' : ''}`;
  return [
    wrap(`${placeOf(wrapper)}  ${label}`, width, '  ', '    '),
    ...wrapper.uses.map((use) => colors.dim(`      ${placeOf(use)}`)),
  ].join('\n');
}
