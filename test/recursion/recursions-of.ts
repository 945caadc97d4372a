import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { audit } from '../../src/audit/audit.js';
import type { AuditFinding } from '../../src/audit/audit-result.js';
import { settingsFileName } from '../../src/settings/load-settings.js';

/** The text of each file, by its path. */
export type Program = Readonly<Record<string, string>>;

/**
 * Returns the findings of `no-connection-recursion` for each program. Programs without settings are folders of one project, so that the
 * ES library is loaded once; they do not import one another.
 */
export function recursionsOf(programs: readonly Program[]): (readonly AuditFinding[])[] {
  return findingsOf(['no-connection-recursion'], programs);
}

/** Returns the findings of these rules for each program, as `recursionsOf` does. */
export function findingsOf(rules: readonly string[], programs: readonly Program[]): (readonly AuditFinding[])[] {
  const root = mkdtempSync(join(tmpdir(), 'recursion-'));
  try {
    const plain = programs.filter((program) => !(settingsFileName in program));
    plain.forEach((program, index) => write(join(root, 'plain', String(index)), program));
    const found = plain.length > 0 ? findingsIn(rules, join(root, 'plain')) : [];
    return programs.map((program, index) => {
      if (plain.includes(program)) return found.filter(({ file }) => file.startsWith(`${plain.indexOf(program)}/`));
      write(join(root, `with-settings-${index}`), program);
      return findingsIn(rules, join(root, `with-settings-${index}`));
    });
  } finally {
    rmSync(root, { recursive: true });
  }
}

function findingsIn(rules: readonly string[], root: string): readonly AuditFinding[] {
  const outcome = audit({ root });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.findings.filter(({ rule }) => rules.includes(rule));
}

function write(root: string, program: Program): void {
  for (const [file, text] of Object.entries(program)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}
