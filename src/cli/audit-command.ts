import { statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditOutcome } from '../audit/audit.js';
import { nearest } from '../settings/suggest-similar.js';
import type { AuditResult } from '../audit/audit-result.js';
import { toJson } from '../report/json.js';
import { toText } from '../report/text.js';
import { exitCodes } from './exit-codes.js';

export interface AuditOptions {
  readonly format: string;
  readonly output?: string;
}

/** What the commands need of the world around them. */
export interface Surroundings {
  readonly audit: (options: { readonly root: string }) => AuditOutcome;
  readonly color: boolean;
  /** Columns of the terminal, Infinity where there is none. */
  readonly width: number;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}

type Report = (result: AuditResult, surroundings: Surroundings) => string;

const formats = new Map<string, Report>([
  ['text', toText],
  ['json', toJson],
]);

/** Runs an audit and says how it went: 0 clean, 1 findings, 2 could not run. */
export function runAudit(folder: string, { format, output }: AuditOptions, surroundings: Surroundings): number {
  const root = resolve(folder);
  const report = formats.get(format);
  if (!report) return refuse(unknownFormat(format), surroundings);
  if (!isFolder(root))
    return refuse(`${root}: found no folder there, expected the root of a code base. Name an existing folder.`, surroundings);
  const outcome = surroundings.audit({ root });
  if (outcome.kind === 'unusable') return refuse(outcome.problems.join('\n'), surroundings);
  const problem = deliver(
    report(outcome.result, output === undefined ? surroundings : { ...surroundings, color: false, width: Infinity }),
    output,
    surroundings,
  );
  if (problem !== undefined) return refuse(problem, surroundings);
  return outcome.result.findings.length > 0 ? exitCodes.findings : exitCodes.clean;
}

function refuse(problem: string, { complain }: Surroundings): number {
  complain(`${problem}\n`);
  return exitCodes.unusable;
}

function unknownFormat(format: string): string {
  const names = [...formats.keys()];
  const meant = nearest(format, names);
  return `--format: found "${format}", expected ${names.join(' or ')}.${meant === undefined ? ' Choose one of these.' : ` Did you mean "${meant}"?`}`;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** What kept the report from where it should go. */
function deliver(report: string, output: string | undefined, { write }: Surroundings): string | undefined {
  if (output === undefined) {
    write(report);
    return undefined;
  }
  try {
    writeFileSync(output, report);
    return undefined;
  } catch (error) {
    return `--output: found that ${output} cannot be written (${error instanceof Error ? error.message : String(error)}), expected a file in an existing folder. Name another one.`;
  }
}
