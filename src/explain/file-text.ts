import { count, section } from '../report/page.js';
import { wrap } from '../report/wrap-text.js';
import type { FileExplanation, FileSummary } from './explanation.js';
import { permissionText } from './finding-text.js';
import { factText, terminalPage, type TerminalOptions, type TerminalPage } from './terminal-page.js';

/** Returns the explanation of a file as text. */
export function fileText(explanation: FileExplanation, options: TerminalOptions): string {
  const page = terminalPage(options, explanation.root);
  const { file, findings, permitted, facts } = explanation;
  const blocks = [
    page.colors.bold(page.path(file)),
    summaryText(explanation, page),
    section('Loaded by', loadedBy(explanation, page), page),
    section(
      'In the file',
      facts.map((fact) => factText(fact, page)),
      page,
    ),
    section(
      'Findings',
      findings.map((finding) => `  ${page.place(finding)}  ${page.colors.red(finding.rule)}`),
      page,
    ),
    section(
      'Permitted findings',
      permitted.map(({ finding, permission }) =>
        wrap(`${page.place(finding)}  ${finding.rule}  ${permissionText(permission, page)}`, page.width, '  ', '    '),
      ),
      page,
    ),
    nextLine(explanation, page),
    page.rootNote === '' ? '' : page.colors.dim(wrap(page.rootNote, page.width, '')),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Returns the roles of a file, and whether it was analysed and judged. */
export function summaryText({ roles, analysis, notJudged }: FileSummary, page: TerminalPage): string {
  const rows = roles.map(({ role, evidence }) => `${page.colors.bold(role)}: ${evidence}.`);
  return section(
    roles.length === 1 ? 'Role' : 'Roles',
    [...rows, analysis.reason, ...notJudged.filter((sentence) => sentence !== analysis.reason)].map((row) =>
      wrap(row, page.width, '  ', '    '),
    ),
    page,
  );
}

function loadedBy({ deployables, importers, roles }: FileExplanation, page: TerminalPage): string[] {
  if (roles.some(({ role }) => role === 'no source file')) return [];
  const programs = deployables.map((name) => (name === '.' ? 'the root' : name)).join(', ');
  const sentence =
    deployables.length === 0
      ? 'No program but tests loads it.'
      : `${deployables.length === 1 ? 'The program' : 'The programs'} ${programs}. ${importers === 0 ? 'No file imports it.' : `${count(importers, 'file')} ${importers === 1 ? 'imports' : 'import'} it.`}`;
  return [wrap(sentence, page.width, '  ', '    ')];
}

function nextLine({ findings }: FileExplanation, page: TerminalPage): string {
  const [first] = findings;
  if (!first) return page.colors.green('No findings in this file.');
  return wrap(`${page.colors.bold('Next:')} clickhouse-ssot explain ${page.path(first.file)}:${first.line}`, page.width, '');
}
