import { basename, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, Log, Notification, PhysicalLocation, Region, ReportingDescriptor, Result, Suppression } from 'sarif';
import { rules } from '../../rules/index.js';
import type { AuditBaseline, AuditDisabled, AuditFinding, AuditPlace, AuditResult } from '../audit/audit-result.js';
import { relativeTo } from '../project/paths.js';
import { sentencesOf } from './audit-sentences.js';

/** The place of the results in a repository, and how the audit ended. */
export interface SarifOptions {
  /** Absolute path of the repository. The URIs of the log are relative to it, as code scanning expects. */
  readonly repository: string;
  /** Exit code of the command. */
  readonly exitCode: number;
}

/** Returns the URI of a file relative to the repository. */
type UriOf = (result: AuditResult, file: string) => string;

const base = '%SRCROOT%';

/**
 * Returns the results as one SARIF 2.1.0 log with one run: GitHub refuses two runs of a tool in one upload. Sanctioned, disabled and known
 * findings are results with suppressions.
 */
export function toSarif(results: readonly AuditResult[], { repository, exitCode }: SarifOptions): string {
  const uriOf: UriOf = (result, file) => encodePath(relativeTo(repository, posix.join(result.root, file)));
  const descriptors = describeRules(results);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'clickhouse-ssot',
            ...(results[0] ? { version: results[0].tool.version, semanticVersion: results[0].tool.version } : {}),
            rules: descriptors,
            informationUri: homepage,
            notifications,
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            exitCode,
            exitCodeDescription: exitCode === 0 ? 'no findings' : 'findings',
            toolExecutionNotifications: executionNotifications(results, uriOf),
            toolConfigurationNotifications: staleNotifications(results),
          },
        ],
        originalUriBaseIds: { [base]: { uri: pathToFileURL(`${repository}/`).href } },
        columnKind: 'utf16CodeUnits',
        // Lines end as in ECMAScript, not only at the two sequences that are the default of SARIF.
        newlineSequences: ['\r\n', '\n', '\r', '\u2028', '\u2029'],
        results: results.flatMap((result) => toResults(result, uriOf, descriptors)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const homepage = rules['no-direct-client'].meta.docs.url.replace(/\/blob\/.*/, '');

/** Code scanning requires the three texts of notifications as well. */
const notifications: ReportingDescriptor[] = [
  ['not-judged', 'A source file that no rule judged. Findings in it are missing.'],
  ['stale-setting', 'An entry of the settings or of the baseline that matches nothing. Correct or remove it.'],
  ['information', 'A fact about the audit: what it took for accessors and managers, and what it shows.'],
].map(([id = '', text = '']) => ({ id, shortDescription: { text }, fullDescription: { text }, help: { text } }));

function describeRules(results: readonly AuditResult[]): ReportingDescriptor[] {
  const run = new Set(results.flatMap((result) => result.rules));
  return Object.values(rules)
    .filter(({ name }) => run.has(name))
    .map(({ name, meta: { docs } }) => ({
      id: name,
      shortDescription: { text: docs.description },
      fullDescription: { text: docs.description },
      help: { text: `${docs.description} See ${docs.url}`, markdown: `${docs.description} [Documentation](${docs.url})` },
      helpUri: docs.url,
      defaultConfiguration: { level: 'error' },
      properties: { preset: docs.preset },
    }));
}

function toResults(result: AuditResult, uriOf: UriOf, descriptors: readonly ReportingDescriptor[]): Result[] {
  const indexOf = (rule: string): { ruleIndex?: number } => {
    const ruleIndex = descriptors.findIndex(({ id }) => id === rule);
    return ruleIndex === -1 ? {} : { ruleIndex };
  };
  const place = (at: AuditPlace, end: Region = {}): PhysicalLocation => ({
    artifactLocation: { uri: uriOf(result, at.file), uriBaseId: base },
    region: { startLine: at.line, startColumn: at.column, ...end },
  });
  const describe = (finding: AuditFinding, suppressions: Suppression[]): Result => ({
    ruleId: finding.rule,
    ...indexOf(finding.rule),
    level: 'error',
    message: { text: finding.message },
    locations: [{ physicalLocation: place(finding, { endLine: finding.endLine, endColumn: finding.endColumn }) }],
    ...(finding.path.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ locations: flowOf(finding, place) }] }] }),
    partialFingerprints: { 'clickhouseSsotFinding/v1': finding.fingerprint },
    suppressions,
  });
  const describeDisabled = (disabled: AuditDisabled): Result => ({
    ruleId: disabled.rule,
    ...indexOf(disabled.rule),
    level: 'error',
    message: { text: `A comment disables ${disabled.rule} here.` },
    locations: [{ physicalLocation: place(disabled) }],
    suppressions: [{ kind: 'inSource', ...(disabled.reason === undefined ? {} : { justification: disabled.reason }) }],
  });
  return [
    // If one result has suppressions, all need the property: an empty list means "not suppressed".
    ...result.findings.map((finding) => ({ ...describe(finding, []), ...(result.since ? { baselineState: 'new' as const } : {}) })),
    ...(result.since?.known ?? []).map((finding) => ({ ...describe(finding, []), baselineState: 'unchanged' as const })),
    ...(result.baseline ? knownFindings(result.baseline, describe) : []),
    ...result.sanctioned.map((finding) => describe(finding, [{ kind: 'external', justification: finding.reason }])),
    ...result.disabled.map(describeDisabled),
  ];
}

function knownFindings({ file, known }: AuditBaseline, describe: (finding: AuditFinding, suppressions: Suppression[]) => Result): Result[] {
  return known.map((finding) => describe(finding, [{ kind: 'external', justification: `Known: listed in ${basename(file)}.` }]));
}

function flowOf({ path }: AuditFinding, place: (at: AuditPlace) => PhysicalLocation): { location: Location }[] {
  return path.map((step) => ({ location: { physicalLocation: place(step), message: { text: step.name } } }));
}

function executionNotifications(results: readonly AuditResult[], uriOf: UriOf): Notification[] {
  const { notJudged, information } = sentencesOf(results);
  return [
    ...notJudged.map(({ file, message, result }): Notification => {
      const artifactLocation = { uri: uriOf(result, file), uriBaseId: base };
      return {
        level: 'warning',
        descriptor: { id: 'not-judged', index: 0 },
        message: { text: message },
        locations: [{ physicalLocation: { artifactLocation } }],
      };
    }),
    ...information.map((text): Notification => ({ level: 'note', descriptor: { id: 'information', index: 2 }, message: { text } })),
  ];
}

function staleNotifications(results: readonly AuditResult[]): Notification[] {
  return sentencesOf(results).staleSettings.map((text) => ({
    level: 'warning',
    descriptor: { id: 'stale-setting', index: 1 },
    message: { text },
  }));
}

/** Encodes each segment: a colon, a space or a percent sign in a file name would change the meaning of the URI. */
function encodePath(path: string): string {
  // A name that is not valid UTF-16 cannot be encoded; the buffer replaces what is invalid.
  return Buffer.from(path).toString().split('/').map(encodeURIComponent).join('/');
}
