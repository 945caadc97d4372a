import { count, section } from '../report/page.js';
import { wrap } from '../report/wrap-text.js';
import type { ExplainedFinding, Permission, Remedy } from './explanation.js';
import { codeText, factText, type TerminalPage } from './terminal-page.js';

/** Returns a finding with its path, what decides about the path, and what permits it or would permit it. */
export function findingText(explained: ExplainedFinding, page: TerminalPage): string {
  const { finding, permission, presets, code, path, guards, remedies } = explained;
  const { colors, width } = page;
  const [message = ''] = finding.message.split('\n');
  const status = permission === undefined ? '' : colors.green('  permitted');
  const fixable = finding.fixable ? colors.green('  fixable') : '';
  return [
    `${colors.bold(page.place(finding))}  ${colors.red(finding.rule)}${fixable}${status}`,
    `    ${code}`,
    wrap(message, width, '  '),
    ...(presets.includes('recommended') ? [] : [wrap(presetNote(finding.scope), width, '  ')]),
    ...(permission === undefined ? [] : [wrap(permissionText(permission, page), width, '  ')]),
    ...blank(section(pathTitle(path.length), pathRows(path, page), page)),
    ...blank(
      section(
        'Conditions',
        guards.map((guard) => factText(guard, page)),
        page,
      ),
    ),
    ...blank(
      section(
        'What would say otherwise',
        remedies.map((remedy) => remedyText(remedy, page)),
        page,
      ),
    ),
  ].join('\n');
}

function blank(text: string): string[] {
  return text === '' ? [] : ['', text];
}

function pathTitle(steps: number): string {
  return `Path, ${count(steps, 'step')}`;
}

function pathRows(path: ExplainedFinding['path'], page: TerminalPage): string[] {
  return path.map((step, index) => `  ${index + 1}. ${step.name}\n${codeText(step, step.code, page, '     ')}`);
}

function presetNote(scope: 'test' | undefined): string {
  return scope === 'test'
    ? 'It is in a test: the preset strict reports it, the preset recommended does not.'
    : 'The preset strict reports it, the preset recommended does not.';
}

/** Returns the sentence that says what permits a finding. */
export function permissionText(permission: Permission, page: TerminalPage): string {
  switch (permission.by) {
    case 'setting':
      return `An entry of "sanctioned" permits it: ${permission.reason}.`.replace(/\.\.$/, '.');
    case 'comment':
      return `The comment in line ${permission.line} disables it${permission.reason === undefined ? ', without a reason.' : `: ${permission.reason}.`}`.replace(
        /\.\.$/,
        '.',
      );
    case 'baseline':
      return `The baseline lists it: ${page.path(permission.file)}.`;
  }
}

function remedyText({ kind, effect, text }: Remedy, page: TerminalPage): string {
  const label = { setting: 'Setting', comment: 'Comment', baseline: 'Baseline' }[kind];
  // The text is to be pasted, so it is not wrapped.
  return `${wrap(`${page.colors.bold(label)}  ${effect}`, page.width, '  ', '    ')}\n      ${page.colors.cyan(text)}`;
}
