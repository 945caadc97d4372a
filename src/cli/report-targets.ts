import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatNames, type Formats, type Report } from './formats.js';
import { type Checked, unknownName } from './option-problems.js';

/** The options of the command `audit` that concern its reports, as the user typed them. */
export interface FormatOptions {
  /** Formats of reports, each `name` or `name=file`. Any other value is an error of the user. */
  readonly format: readonly string[];
  /** File of the report whose format names none. Default: standard output. */
  readonly output?: string;
}

/** A report to make, and where it goes. */
export interface ReportTarget {
  readonly format: string;
  readonly report: Report;
  /** The file to write, and the option that names it. Unset: standard output. */
  readonly file?: ReportFile;
}

/** A file that an option names. */
export interface ReportFile {
  readonly path: string;
  readonly option: '--format' | '--output';
}

/** Returns the reports that `--format` and `--output` ask for. `--output` names the file of the one format that has none. */
export function checkFormats({ format: values, output }: FormatOptions, formats: Formats): Checked<readonly ReportTarget[]> {
  const requests = values.map(parse);
  const problems = requests.flatMap(({ format, path }) => [
    ...(formatNames.includes(format) ? [] : [unknownName('--format', format, formatNames)]),
    ...(path === '' ? [`--format: found "${format}=" without a file, expected one. Name a file, as in ${example(format)}.`] : []),
  ]);
  if (problems.length > 0) return { ok: false, problems };
  const targets = requests.flatMap(({ format, path }): ReportTarget[] => {
    const report = formats.get(format);
    if (!report) return [];
    if (path !== undefined) return [{ format, report, file: { path, option: '--format' } }];
    return [output === undefined ? { format, report } : { format, report, file: { path: output, option: '--output' } }];
  });
  const clash = withoutFile(requests, output) ?? sameFile(targets);
  return clash === undefined ? { ok: true, value: targets } : { ok: false, problems: [clash] };
}

/** Whether a value of `--format` asks for annotations of GitHub on standard output. It may stand beside values that are wrong. */
export function asksForAnnotations(values: readonly string[]): boolean {
  return values.includes('github');
}

/** Writes a report. Returns a message if its file cannot be written. */
export function writeReport(text: string, { file }: ReportTarget, write: (text: string) => void): string | undefined {
  if (file === undefined) {
    if (text !== '') write(text);
    return undefined;
  }
  try {
    writeFileSync(file.path, text);
    return undefined;
  } catch (error) {
    return `${file.option}: found that ${file.path} cannot be written (${error instanceof Error ? error.message : String(error)}), expected a file in an existing folder. Name another file.`;
  }
}

interface FormatRequest {
  readonly format: string;
  /** The text behind the first `=`. Unset if there is none. */
  readonly path: string | undefined;
}

function parse(value: string): FormatRequest {
  const at = value.indexOf('=');
  return at < 0 ? { format: value, path: undefined } : { format: value.slice(0, at), path: value.slice(at + 1) };
}

/** One report fits on standard output, and one in the file of `--output`. */
function withoutFile(requests: readonly FormatRequest[], output: string | undefined): string | undefined {
  const names = requests.filter(({ path }) => path === undefined).map(({ format }) => format);
  const [first = '', second = ''] = names;
  if (names.length > 1)
    return `--format: found ${names.join(', ')} without files, expected at most one. Name a file for each other one, as in ${example(first === second ? first : second)}.`;
  if (names.length === 0 && output !== undefined)
    return `--output: found ${output}, but each --format names its file. Leave --output out, or add a format without a file.`;
  return undefined;
}

function sameFile(targets: readonly ReportTarget[]): string | undefined {
  const files = targets.flatMap(({ file }) => (file ? [resolve(file.path)] : []));
  const twice = files.find((path, index) => files.indexOf(path) !== index);
  return twice === undefined
    ? undefined
    : `--format: found two reports for the file ${twice}, expected one. The second would replace the first. Name another file.`;
}

function example(format: string): string {
  return `--format ${format}=report.${extensions.get(format) ?? format}`;
}

const extensions: ReadonlyMap<string, string> = new Map([
  ['text', 'txt'],
  ['github', 'txt'],
]);
