import { statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import type { AuditOutcome } from '../audit.js';
import { toJson } from '../report/json.js';
import { toText } from '../report/text.js';

const formats = ['text', 'json'];

export interface AuditOptions {
  readonly format: string;
  readonly output?: string | undefined;
}

/** What the command needs of the world around it. */
export interface Surroundings {
  readonly audit: (options: { readonly root: string }) => AuditOutcome;
  readonly color: boolean;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}

export const exitCodes = { clean: 0, findings: 1, unusable: 2 };

/** Runs an audit and says how it went: 0 clean, 1 findings, 2 could not run. */
export function runAudit(folder: string, { format, output }: AuditOptions, { audit, color, write, complain }: Surroundings): number {
  const root = resolve(folder);
  const problem = problemWith(root, format);
  const outcome: AuditOutcome = problem === undefined ? audit({ root }) : { kind: 'unusable', problems: [problem] };
  if (outcome.kind === 'unusable') {
    complain(`${outcome.problems.join('\n')}\n`);
    return exitCodes.unusable;
  }
  const report = format === 'json' ? toJson(outcome.result) : toText(outcome.result, { color: color && output === undefined });
  if (output === undefined) write(report);
  else writeFileSync(output, report);
  return outcome.result.findings.length > 0 ? exitCodes.findings : exitCodes.clean;
}

function problemWith(root: string, format: string): string | undefined {
  if (!formats.includes(format)) return `--format: found "${format}", expected ${formats.join(' or ')}. Did you mean "${closest(format, formats)}"?`;
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) return `${root}: found no folder there, expected the root of a code base. Name an existing folder.`;
  return undefined;
}
