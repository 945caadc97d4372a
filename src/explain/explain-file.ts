import type { AuditFinding, AuditResult } from '../audit/audit-result.js';
import type { FileFacts } from '../audit/file-facts.js';
import type { AuditedFile } from './audit-file.js';
import { permittedFindings } from './explain-finding.js';
import type { Fact, FileExplanation } from './explanation.js';
import { summarizeFile } from './summarize-file.js';

/** Returns what a file was taken for and why, which deployables load it, and the findings in it. */
export function explainFile(audited: AuditedFile): FileExplanation {
  const { file, result, facts } = audited;
  const isHere = (place: { readonly file: string }): boolean => place.file === file;
  return {
    kind: 'file',
    ...summarizeFile(audited),
    deployables: facts.deployables,
    importers: facts.importers,
    findings: result.findings.filter(isHere),
    permitted: permittedFindings(result).filter(({ finding }) => isHere(finding)),
    facts: factsIn(audited),
  };
}

/** The places in the file that have a part in a connection. */
function factsIn({ file, result, facts, codeAt }: AuditedFile): Fact[] {
  const at = (place: { readonly file: string; readonly line: number; readonly column: number }, text: string): Fact => ({
    text,
    place: { file: place.file, line: place.line, column: place.column },
    code: codeAt(place),
  });
  const isHere = (place: { readonly file: string }): boolean => place.file === file;
  return [
    ...result.constructions
      .filter(isHere)
      .map((entry) =>
        at(
          entry,
          `${entry.constructor} of ${entry.client} constructs a client. It is ${allowedText(entry.sanctioned, facts)}${entry.reason === undefined ? '' : `: ${entry.reason}`}.`,
        ),
      ),
    ...findingsAbout(file, result).map((finding) => at(finding, `A finding of ${finding.rule} in another file is about this file too.`)),
    ...result.accessors.filter(isHere).map((entry) => at(entry, `${entry.name} is an accessor.`)),
    ...result.managers.filter(isHere).map((entry) => at(entry, `${entry.name} is a manager.`)),
    ...result.wrappers.filter(isHere).map((entry) => at(entry, `${entry.name} creates or exports clients.`)),
  ];
}

/** The findings elsewhere that lead through the file, and the one about an undecided factory, which is at the first candidate. */
function findingsAbout(file: string, { findings, factories }: AuditResult): AuditFinding[] {
  const isCandidate = (name: string): boolean => factories.some((factory) => factory.file === name && factory.status === 'undecided');
  return findings.filter(
    (finding) =>
      finding.file !== file &&
      (finding.path.some((step) => step.file === file) ||
        (finding.rule === 'no-direct-client' && isCandidate(file) && isCandidate(finding.file))),
  );
}

/** Whether a construction is allowed. The preset `recommended` allows each one in a test. */
export function allowedText(isAllowed: boolean, { codeKind }: FileFacts): string {
  if (isAllowed) return 'allowed';
  return codeKind === 'test' ? 'not allowed by the preset strict' : 'not allowed';
}
