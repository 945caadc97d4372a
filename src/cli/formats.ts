import type { AuditResult } from '../audit/audit-result.js';
import { toGithub } from '../report/github.js';
import { toJson } from '../report/json.js';
import { toJunit } from '../report/junit.js';
import { toMarkdown } from '../report/markdown/markdown.js';
import type { TextOptions } from '../report/page.js';
import { toSarif } from '../report/sarif.js';
import type { Environment } from '../report/source-links.js';
import { toText } from '../report/text.js';

/** The options of a report. */
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

/** Reports by the names of their formats. */
export type Formats = ReadonlyMap<string, Report>;

const formats: Formats = new Map<string, Report>([
  ['text', toText],
  ['json', toJson],
  ['markdown', toMarkdown],
  ['github', (result, options) => toGithub([result], options)],
  ['junit', toJunit],
  ['sarif', (result, options) => toSarif([result], options)],
]);

const html = 'html';

/** The names that `--format` accepts. */
export const formatNames: readonly string[] = [...formats.keys(), html];

/** Returns the formats for values of `--format`. HTML is loaded only if a value asks for it, because its layout takes time to load. */
export function loadFormats(values: readonly string[]): Formats | Promise<Formats> {
  if (!values.some((value) => value.split('=')[0] === html)) return formats;
  return import('./html-format.js').then(({ toPage }) => new Map([...formats, [html, toPage]]));
}
