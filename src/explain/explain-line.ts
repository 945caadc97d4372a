import type { AuditPlace } from '../audit/audit-result.js';
import type { AuditedFile } from './audit-file.js';
import { allowedText } from './explain-file.js';
import { explainFinding, judgedFindings, permittedFindings } from './explain-finding.js';
import type { Fact, LineExplanation } from './explanation.js';
import { summarizeFile } from './summarize-file.js';

/** Returns the findings at a line with all that explains them, and what else is known of the line. */
export function explainLine(line: number, audited: AuditedFile): LineExplanation {
  const { file, result, codeAt } = audited;
  return {
    kind: 'line',
    ...summarizeFile(audited),
    line,
    code: codeAt({ file, line }),
    findings: judgedFindings(result)
      .filter(({ finding }) => finding.file === file && finding.line <= line && line <= finding.endLine)
      .map((judged) => explainFinding(judged, audited)),
    facts: [...ownFacts(line, audited), ...factsOfPaths(line, audited), ...surroundings(line, audited)],
  };
}

/** The declarations, constructions and disabled findings in the line itself. */
function ownFacts(line: number, { file, result, facts }: AuditedFile): Fact[] {
  const isHere = (place: AuditPlace): boolean => place.file === file && place.line === line;
  const sentence = `${file}:${line}: `;
  return [
    ...result.constructions
      .filter(isHere)
      .map(({ client, constructor, sanctioned, reason }) => ({
        text: `The line constructs a client with ${constructor} of ${client}. It is ${allowedText(sanctioned, facts)}${reason === undefined ? '' : `: ${reason}`}.`,
      })),
    ...result.accessors
      .filter(isHere)
      .map(({ name, evidence, bypass }) => ({
        text: `The line declares the accessor ${name}, because ${evidence}. ${bypass === undefined ? 'It has no bypass.' : `Its bypass is "${bypass}".`}`,
      })),
    ...result.managers
      .filter(isHere)
      .map(({ name, evidence }) => ({ text: `The line declares the manager ${name}, because ${evidence}.` })),
    ...result.wrappers
      .filter(isHere)
      .map(({ name, uses }) => ({
        text: `The line declares ${name}, by which other code gets clients. It has ${uses.length === 1 ? '1 known use' : `${uses.length} known uses`}.`,
      })),
    ...result.wrappers
      .filter(({ uses }) => uses.some(isHere))
      .map(({ name, file: declaring, line: at, column }) => ({
        text: `The line uses ${name}, which creates or exports a client.`,
        place: { file: declaring, line: at, column },
      })),
    ...permittedFindings(result).flatMap(({ finding, permission }) =>
      permission.by === 'comment' && finding.file === file && permission.line === line && finding.line !== line
        ? [{ text: `The comment in the line disables a finding of ${finding.rule}.`, place: placeOf(finding) }]
        : [],
    ),
    ...[...result.information, ...result.incomplete]
      .filter((text, index, all) => text.startsWith(sentence) && all.indexOf(text) === index)
      .map((text) => ({ text: capitalized(text.slice(sentence.length)) })),
  ];
}

/** The parts of the line in findings elsewhere. */
function factsOfPaths(line: number, { file, result }: AuditedFile): Fact[] {
  const isHere = (place: AuditPlace): boolean => place.file === file && place.line === line;
  return judgedFindings(result).flatMap(({ finding }) => {
    if (isHere(finding)) return [];
    const step = finding.path.findIndex(isHere);
    return [
      ...(step < 0
        ? []
        : [
            {
              text: `The line is step ${step + 1} of ${finding.path.length} on the path of a finding of ${finding.rule}.`,
              place: placeOf(finding),
            },
          ]),
      ...(finding.guards ?? [])
        .filter(({ place }) => place !== undefined && isHere(place))
        .map(({ text }) => ({ text: `The line decides about a finding of ${finding.rule}: ${text}`, place: placeOf(finding) })),
    ];
  });
}

/** The accessors and managers around the line. */
function surroundings(line: number, { file, result, codeAt }: AuditedFile): Fact[] {
  const around = (roles: typeof result.accessors, kind: string): Fact[] =>
    roles
      .filter((role) => role.file === file && role.line < line && line <= role.endLine)
      .map((role) => ({ text: `The line is inside of the ${kind} ${role.name}.`, place: placeOf(role), code: codeAt(role) }));
  return [...around(result.accessors, 'accessor'), ...around(result.managers, 'manager')];
}

function placeOf({ file, line, column }: AuditPlace): AuditPlace {
  return { file, line, column };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
