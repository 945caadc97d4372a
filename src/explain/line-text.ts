import { section } from '../report/page.js';
import { wrap } from '../report/wrap-text.js';
import type { LineExplanation } from './explanation.js';
import { summaryText } from './file-text.js';
import { findingText } from './finding-text.js';
import { factText, terminalPage, type TerminalOptions } from './terminal-page.js';

/** Returns the explanation of a line as text. */
export function lineText(explanation: LineExplanation, options: TerminalOptions): string {
  const page = terminalPage(options, explanation.root);
  const { file, line, code, findings, facts } = explanation;
  const blocks = [
    ...(findings.length > 0
      ? findings.map((finding) => findingText(finding, page))
      : [`${page.colors.bold(`${page.path(file)}:${line}`)}  ${page.colors.green('no finding of any rule')}\n    ${code}`]),
    section(
      'About the line',
      facts.map((fact) => factText(fact, page)),
      page,
    ),
    findings.length > 0 ? '' : summaryText(explanation, page),
    page.rootNote === '' ? '' : page.colors.dim(wrap(page.rootNote, page.width, '')),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
