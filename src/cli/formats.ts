import type { AuditResult } from '../audit/audit-result.js';
import { toGithub } from '../report/github.js';
import { toHtml } from '../report/html/html.js';
import { toJson } from '../report/json.js';
import { toJunit } from '../report/junit.js';
import { toMarkdown } from '../report/markdown/markdown.js';
import type { TextOptions } from '../report/page.js';
import { toSarif } from '../report/sarif.js';
import type { Environment } from '../report/source-links.js';
import { toText } from '../report/text.js';
import { findForge } from './find-forge.js';
import { lineReader, readPageAssets } from './page-assets.js';

/** What a report needs to know beside the result. */
export interface ReportOptions extends TextOptions {
  /** Absolute path of the repository that contains the project. */
  readonly repository: string;
  readonly exitCode: number;
  /** Variables of the environment, by which a report finds out where the code is shown. */
  readonly environment: Environment;
  /** Whether the process runs in CI: readers of its reports have no such files on their disk. */
  readonly isCi: boolean;
  /** The folder with the style sheet and the script of HTML reports. */
  readonly pageFolder: URL;
}

/** Returns the text of a report. */
export type Report = (result: AuditResult, options: ReportOptions) => string;

/** The formats of `--format`, one a line. */
export const formats: ReadonlyMap<string, Report> = new Map<string, Report>([
  ['text', toText],
  ['json', toJson],
  ['markdown', toMarkdown],
  ['github', (result, options) => toGithub([result], options)],
  ['junit', toJunit],
  ['sarif', (result, options) => toSarif([result], options)],
  ['html', toPage],
]);

function toPage(result: AuditResult, { isCi, pageFolder }: ReportOptions): string {
  const forge = findForge(result.root);
  return toHtml(result, {
    assets: readPageAssets(pageFolder),
    readLines: lineReader(result.root),
    links: { ...(isCi ? {} : { editorRoot: result.root }), ...(forge ? { forge } : {}) },
  });
}
