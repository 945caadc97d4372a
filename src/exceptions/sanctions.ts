import type { Finding } from '../findings/finding.js';
import { matcherOf } from '../settings/globs.js';
import { type Settings, settingsFileName } from '../settings/load-settings.js';
import { isInside } from './enclosing-names.js';

/** An entry of the setting `sanctioned`. */
export type Sanction = Settings['sanctioned'][number];

/** A finding that the user permits, with the entry that does. */
export interface SanctionedFinding {
  readonly finding: Finding;
  readonly sanction: Sanction;
}

/** The findings of one rule, after the sanctions. */
export interface SanctionResult {
  /** Findings to report, in their order. */
  readonly findings: readonly Finding[];
  /** Findings that the user has sanctioned. */
  readonly sanctioned: readonly SanctionedFinding[];
  /** Entries that some file exceeds: it has more findings than `count`. */
  readonly exceeded: readonly Sanction[];
}

/** The facts of the code that sanctions depend on. */
export interface SanctionedCode {
  /** Returns the path from the root. */
  readonly pathOf: (file: string) => string;
  /** Returns the named declarations around a finding, outermost first. */
  readonly namesAround: (finding: Finding) => readonly string[];
  /** Whether a comment in the code disables the finding. */
  readonly isDisabled: (finding: Finding) => boolean;
}

/**
 * Sets the findings of a rule apart that the settings permit. Each entry in turn takes, in each file, the findings that no earlier entry
 * took. An entry with `count` takes all or none: it cannot be known which finding is the surplus one.
 */
export function applySanctions(
  rule: string,
  findings: readonly Finding[],
  sanctions: Settings['sanctioned'],
  code: SanctionedCode,
): SanctionResult {
  const taken = new Map<Finding, Sanction>();
  const notes = new Map<Finding, string>();
  const exceeded = new Set<Sanction>();
  for (const [index, sanction] of sanctions.entries()) {
    if (!sanction.rules.includes(rule)) continue;
    const matches = matcherOf([sanction.path]);
    const open = findings.filter((finding) => !taken.has(finding) && matches(code.pathOf(finding.span.file)));
    const inside = open.filter((finding) => sanction.in === undefined || isInside(code.namesAround(finding), sanction.in));
    for (const inFile of groupByFile(inside)) {
      // A disabled finding needs no sanction, and must not use up the count of one that does.
      const counted = sanction.count === undefined ? inFile : inFile.filter((finding) => !code.isDisabled(finding));
      const isExceeded = sanction.count !== undefined && counted.length > sanction.count;
      if (isExceeded) exceeded.add(sanction);
      if (isExceeded) for (const finding of counted) notes.set(finding, surplusNote(index, sanction, counted.length));
      else for (const finding of counted) taken.set(finding, sanction);
    }
  }
  return {
    findings: firstOfEachCause(
      findings.filter((finding) => !taken.has(finding)),
      code,
    ).map((finding) => noted(finding, notes.get(finding))),
    sanctioned: findings.flatMap((finding) => {
      const sanction = taken.get(finding);
      return sanction ? [{ finding, sanction }] : [];
    }),
    exceeded: [...exceeded],
  };
}

/** A disabled finding stays, because the linter applies the comment, but it does not stand for the others of its cause. */
function firstOfEachCause(findings: readonly Finding[], { isDisabled }: SanctionedCode): Finding[] {
  const reported = new Set<string>();
  return findings.filter((finding) => {
    const { cause } = finding;
    if (cause === undefined || isDisabled(finding)) return true;
    const isFirst = !reported.has(cause);
    reported.add(cause);
    return isFirst;
  });
}

function groupByFile(findings: readonly Finding[]): Iterable<readonly Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) files.set(finding.span.file, [...(files.get(finding.span.file) ?? []), finding]);
  return files.values();
}

function noted(finding: Finding, note: string | undefined): Finding {
  return note === undefined ? finding : { ...finding, note };
}

function surplusNote(index: number, { count, in: name }: Sanction, found: number): string {
  const place = name === undefined ? 'in this file' : `in "${name}" of this file`;
  return `"sanctioned[${index}]" in ${settingsFileName} permits ${count ?? 0} such ${count === 1 ? 'finding' : 'findings'} ${place}, and there are ${found}.`;
}
