import type { AuditFactory, AuditFinding } from '../audit/audit-result.js';
import type { AuditFacts } from './audit-facts.js';
import type { SanctionEntry } from './edit-settings.js';
import { type ExceptionGroup, groupExceptions } from './group-exceptions.js';
import type { Prompts } from './prompts.js';

/** What the settings will say, and what they leave open. */
export interface Decisions {
  /** Modules to declare as factories. Empty if the settings declare some already. */
  readonly factories: readonly string[];
  /** Factory candidates among which no decision was made. */
  readonly undecided: readonly AuditFactory[];
  /** Groups of findings that become exceptions, with their reasons. */
  readonly exceptions: readonly { readonly group: ExceptionGroup; readonly reason: string }[];
  /** New entries of `sanctioned`. */
  readonly sanctioned: readonly SanctionEntry[];
  /** Findings that an audit with these settings reports. */
  readonly remaining: readonly AuditFinding[];
}

/** What a decision starts from. */
export interface DecisionInput {
  readonly facts: AuditFacts;
  /** Whether the settings file declares factories. */
  readonly hasFactories: boolean;
  /** Entries of `sanctioned` in the settings file. */
  readonly sanctioned: readonly unknown[];
  /** Audits the project again, with these settings in place of those in the file. */
  readonly auditWith: (override: object) => AuditFacts;
  /** Whether findings go to a baseline. Only undecided factories become exceptions then: the baseline could hide a further client. */
  readonly usesBaseline: boolean;
  /** Unset: no question is asked. */
  readonly prompts?: Prompts | undefined;
}

/** Chooses factories and exceptions, and audits with them until nothing new appears. */
export async function decide(input: DecisionInput): Promise<Decisions> {
  const { facts, hasFactories, sanctioned: present, auditWith, usesBaseline, prompts } = input;
  const candidates = hasFactories ? [] : facts.factories;
  const undecided = candidates.filter(({ status }) => status === 'undecided');
  const chosen = prompts ? await chooseFactories(undecided, prompts) : [];
  const factories = [...candidates.filter(({ status }) => status === 'inferred').map(({ file }) => file), ...chosen];
  const stillUndecided = chosen.length === 0 ? undecided : undecided.filter((fact) => !sharesDeployable(fact, undecided, chosen));
  const exceptions: { group: ExceptionGroup; reason: string }[] = [];
  const left = new Set<string>();
  const override = () => ({ ...(factories.length === 0 ? {} : { factories }), sanctioned: [...present, ...sanctionsOf(exceptions)] });
  let findings = chosen.length === 0 ? withoutFactories(facts.findings, factories) : auditWith(override()).findings;
  // With a decision written down, another finding can appear. It appears in the next audit.
  for (let round = 0; round < maxRounds; round += 1) {
    const groups = groupExceptions(
      findings.filter((finding) => !left.has(keyOf(finding)) && (!usesBaseline || isUndecided(finding, stillUndecided))),
      stillUndecided,
    );
    if (groups.length === 0 && (round > 0 || factories.length === 0)) break;
    for (const group of groups) {
      const reason = await reasonFor(group, prompts);
      if (reason === undefined) for (const finding of group.findings) left.add(keyOf(finding));
      else exceptions.push({ group, reason });
    }
    findings = auditWith(override()).findings;
  }
  return { factories, undecided: stillUndecided, exceptions, sanctioned: sanctionsOf(exceptions), remaining: findings };
}

function isUndecided({ rule, file }: AuditFinding, undecided: readonly AuditFactory[]): boolean {
  return rule === 'no-direct-client' && undecided.some((fact) => fact.file === file);
}

/** The findings that remain once the modules are declared as factories: this saves an audit. */
function withoutFactories(findings: readonly AuditFinding[], factories: readonly string[]): readonly AuditFinding[] {
  return findings.filter(({ rule, file }) => rule !== 'no-direct-client' || !factories.includes(file));
}

/** More rounds than any project has needed: an endless loop would hide a bug. */
const maxRounds = 4;

async function chooseFactories(undecided: readonly AuditFactory[], prompts: Prompts): Promise<string[]> {
  const chosen: string[] = [];
  for (const [deployables, candidates] of byDeployables(undecided)) {
    const where = deployables === '' ? '' : ` of ${deployables}`;
    const choices = candidates.map(({ file, reason }) => ({ value: file, label: file, hint: reason }));
    chosen.push(...(await prompts.selectSome(`Which module is the factory${where}? None: it stays undecided.`, choices)));
  }
  return chosen;
}

function byDeployables(facts: readonly AuditFactory[]): Map<string, AuditFactory[]> {
  const groups = new Map<string, AuditFactory[]>();
  for (const fact of facts) {
    const key = [...fact.deployables].sort().join(', ');
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return groups;
}

function sharesDeployable(fact: AuditFactory, undecided: readonly AuditFactory[], chosen: readonly string[]): boolean {
  return [...byDeployables(undecided).values()].some((group) => group.includes(fact) && group.some(({ file }) => chosen.includes(file)));
}

/** Returns the reason of an exception; undefined if the findings stay. */
async function reasonFor({ title, proposedReason, findings }: ExceptionGroup, prompts: Prompts | undefined): Promise<string | undefined> {
  if (!prompts) return proposedReason;
  const answer = await prompts.select(`${title}${placesOf(findings)}`, [
    { value: 'except', label: 'Allow it for now, with a reason' },
    { value: 'leave', label: 'Leave it as a finding' },
  ]);
  if (answer !== 'except') return undefined;
  const refuse = (text: string) =>
    text.trim() === '' ? 'A reason is required: it tells the next reader why the code may stay.' : undefined;
  return (await prompts.text('Reason', proposedReason, refuse)).trim();
}

function placesOf(findings: readonly AuditFinding[]): string {
  const shown = findings.slice(0, 8).map(({ file, line, column }) => `\n  ${file}:${line}:${column}`);
  return `${shown.join('')}${findings.length > 8 ? `\n  and ${findings.length - 8} more` : ''}`;
}

function sanctionsOf(exceptions: Decisions['exceptions']): SanctionEntry[] {
  return exceptions.flatMap(({ group, reason }) => group.entries.map((entry) => ({ ...entry, reason })));
}

function keyOf({ file, line, column, rule }: AuditFinding): string {
  return JSON.stringify([file, line, column, rule]);
}
