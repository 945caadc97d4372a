import type { AuditFactory, AuditFinding, AuditPlace } from '../audit/audit-result.js';
import type { AuditFacts } from './audit-facts.js';
import type { SanctionEntry } from '../edits/edit-settings.js';
import { type BrokenRule, type ExceptionGroup, groupExceptions } from './group-exceptions.js';
import type { Prompts } from './prompts.js';

/** The new settings, and the questions that they leave open. */
export interface Decisions {
  /** Modules to declare as factories. Empty if the settings declare some already. */
  readonly factories: readonly string[];
  /** Factory candidates among which no decision was made. */
  readonly undecided: readonly AuditFactory[];
  /** Groups of findings that become exceptions, with their reasons. */
  readonly exceptions: readonly Exception[];
  /** New entries of `sanctioned`. */
  readonly sanctioned: readonly SanctionEntry[];
  /** Findings that an audit with these settings reports. */
  readonly remaining: readonly AuditFinding[];
}

/** Findings that may stay, and why. */
export interface Exception {
  readonly group: ExceptionGroup;
  readonly reason: string;
}

/** The inputs of a decision. */
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
  const open = candidates.filter(({ status }) => status === 'undecided');
  const chosen = prompts ? await chooseFactories(open, prompts) : [];
  const factories = [...candidates.filter(({ status }) => status === 'inferred').map(({ file }) => file), ...chosen];
  const undecided = chosen.length > 0 ? [] : open;
  const undecidedFiles = new Set(undecided.map(({ file }) => file));
  const exceptions: Exception[] = [];
  const left = new Set<string>();
  const audit = () =>
    auditWith({ ...(factories.length === 0 ? {} : { factories }), sanctioned: [...present, ...sanctionsOf(exceptions)] }).findings;
  let findings = chosen.length > 0 ? audit() : withoutFactories(facts.findings, factories);
  // With a decision written down, another finding can appear. It appears in the next audit.
  for (let round = 0; round < maxRounds; round += 1) {
    const places = round === 0 ? withAllCandidates(findings, facts, undecidedFiles) : findings;
    const asked = places.filter((place) => !left.has(keyOf(place)) && (!usesBaseline || isUndecided(place, undecidedFiles)));
    if (asked.length === 0 && (round > 0 || factories.length === 0)) break;
    for (const group of groupExceptions(asked, undecidedFiles)) {
      const reason = await reasonFor(group, prompts);
      if (reason === undefined) for (const place of group.places) left.add(keyOf(place));
      else exceptions.push({ group, reason });
    }
    findings = audit();
  }
  return { factories, undecided, exceptions, sanctioned: sanctionsOf(exceptions), remaining: findings };
}

/** More rounds than any project has needed: an endless loop would hide a bug. */
const maxRounds = 4;

async function chooseFactories(open: readonly AuditFactory[], prompts: Prompts): Promise<readonly string[]> {
  if (open.length === 0) return [];
  const choices = open.map(({ file }) => ({ value: file, label: file }));
  return prompts.selectSome('Which of these modules are factories? None: it stays undecided.', choices);
}

/** The findings that remain once the modules are declared as factories: this saves an audit. */
function withoutFactories(findings: readonly AuditFinding[], factories: readonly string[]): readonly AuditFinding[] {
  return findings.filter(({ rule, file }) => rule !== 'no-direct-client' || !factories.includes(file));
}

/** An undecided factory is one finding, at the first candidate without an exception. Exceptions are for all candidates at once. */
function withAllCandidates(
  findings: readonly AuditFinding[],
  { constructions }: AuditFacts,
  undecided: ReadonlySet<string>,
): readonly BrokenRule[] {
  if (!findings.some((finding) => isUndecided(finding, undecided))) return findings;
  const others = findings.filter((finding) => !isUndecided(finding, undecided));
  const isOpen = ({ file, sanctioned }: AuditFacts['constructions'][number]) => undecided.has(file) && !sanctioned;
  return [...others, ...constructions.filter(isOpen).map(({ file, line, column }) => ({ rule: 'no-direct-client', file, line, column }))];
}

function isUndecided({ rule, file }: BrokenRule, undecided: ReadonlySet<string>): boolean {
  return rule === 'no-direct-client' && undecided.has(file);
}

/** Returns the reason of an exception; undefined if the findings stay. */
async function reasonFor({ title, proposedReason, places }: ExceptionGroup, prompts: Prompts | undefined): Promise<string | undefined> {
  if (!prompts) return proposedReason;
  const answer = await prompts.select(`${title}${listOf(places)}`, [
    { value: 'except', label: 'Allow it for now, with a reason' },
    { value: 'leave', label: 'Leave it as a finding' },
  ]);
  if (answer !== 'except') return undefined;
  const refuse = (text: string) =>
    text.trim() === '' ? 'A reason is required: it tells the next reader why the code may stay.' : undefined;
  return (await prompts.text('Reason', proposedReason, refuse)).trim();
}

function listOf(places: readonly AuditPlace[]): string {
  // Several rules can report one place.
  const all = [...new Set(places.map(({ file, line, column }) => `\n  ${file}:${line}:${column}`))];
  return `${all.slice(0, 8).join('')}${all.length > 8 ? `\n  and ${all.length - 8} more` : ''}`;
}

function sanctionsOf(exceptions: readonly Exception[]): SanctionEntry[] {
  return exceptions.flatMap(({ group, reason }) => group.entries.map((entry) => ({ ...entry, reason })));
}

function keyOf({ file, line, column, rule }: BrokenRule): string {
  return JSON.stringify([file, line, column, rule]);
}
