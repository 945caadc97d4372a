import { audit } from '../../src/audit/audit.js';
import { codeBase } from '../project/code-base.js';

/** Returns the constructions of a code base, as `file:line`. */
export function constructionsOf(files: Readonly<Record<string, string | object>>): string[] {
  const outcome = audit({ root: codeBase(files) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.constructions.map(({ file, line }) => `${file}:${line}`);
}
