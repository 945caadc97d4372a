import type { AuditFactory, AuditFinding, AuditResult } from '../audit/audit-result.js';
import { harmRank } from '../rule/harm.js';
import { runtimePackage } from '../model/clients/client-packages.js';
import { count, placeOf } from './page.js';
import { isRuntimeFactory } from './summary.js';

/** At most this many repairs are named: a user does them and runs the audit again. */
const maxRepairs = 3;

/** Returns what to do next, the step that helps most first. */
export function nextSteps(result: AuditResult): string[] {
  const { findings, constructions, usesRuntime, paths, factories, notJudged } = result;
  if (findings.length === 0) {
    if (constructions.length === 0 && !usesRuntime) return paths.length > 0 ? [] : [notJudged.length > 0 ? noClientInJudged : noClient];
    return factories.some(({ status }) => status === 'inferred') ? [pinFactory] : [];
  }
  const repairs = byRule(findings).flatMap(([rule, found]) => {
    if (rule !== 'no-direct-client') return [{ rank: harmRank(rule), text: (repairOf[rule] ?? otherRepair)(found) }];
    // Until the factory is known, the other steps of this rule cannot be: only what never returns comes before.
    const decision = isRuntimeFactory(result) ? undefined : factoryStep(factories, found.length);
    return decision === undefined
      ? [{ rank: harmRank(rule), text: isRuntimeFactory(result) ? clientsOfRuntime(found) : directClients(found, factories) }]
      : [{ rank: harmRank('no-connection-recursion') + 0.5, text: decision }];
  });
  const texts = repairs.sort((a, b) => a.rank - b.rank).map(({ text }) => text);
  return [...texts.slice(0, maxRepairs), keepAsIs];
}

/** A file that was not judged may be the one that constructs the client. */
const noClientInJudged =
  'No client package was found in the files that were judged. Those under "Not judged" may name one: mend what keeps them from being judged, and run the audit again.';

/** A code base without ClickHouse and an audit that looked at the wrong place must not read like a clean code base. */
const noClient =
  'No client package was found in these files. If this code base uses ClickHouse, audit its root folder, or name the client package under "clients" in clickhouse-ssot.config.json.';

const pinFactory = 'write the inferred factory down with clickhouse-ssot init, so that a further client cannot change what is inferred.';

const keepAsIs = 'To keep code as it is, list it under "sanctioned" in clickhouse-ssot.config.json, with a reason.';

type Repair = (findings: readonly AuditFinding[]) => string;

const repairOf: Readonly<Record<string, Repair | undefined>> = {
  'no-connection-recursion': (findings) => `Repair the recursion ${where(findings)}: such a call never returns.`,
  'no-possible-connection-recursion': (findings) => `Exclude the possible recursion ${where(findings)}: the message names what decides it.`,
  'no-connection-import-cycle': (findings) => `Remove the import that closes a cycle, ${where(findings)}.`,
  'no-nested-acquire': (findings) => `Pass on or release the held lease ${where(findings)}: under load, all callers wait for each other.`,
  'no-undrained-result': (findings) =>
    `Read or close the results ${where(findings)}, or send statements without rows with \`command()\` and \`insert()\`.`,
  'no-swallowed-error': (findings) => `Throw or pass on the failures that are dropped ${where(findings)}.`,
  'no-error-text-matching': (findings) => `Ask the code of the error instead of its text ${where(findings)}.`,
  'require-release': (findings) => `Share or release the client ${where(findings)}: each run leaves a connection open.`,
  'no-raw-http': (findings) => `Send the request with a client ${where(findings)}.`,
  'single-config-source': (findings) => `Take the setting from the configuration module ${where(findings)}.`,
  'require-manager-bypass': (findings) => {
    const fixable = findings.filter((finding) => finding.fixable).length;
    const repair = `Pass the bypass that the message names, ${where(findings)}.`;
    return fixable === 0 ? repair : `${repair} In ESLint and oxlint, --fix does it in ${count(fixable, 'place')}.`;
  },
};

const otherRepair: Repair = (findings) => `Repair what ${findings[0]?.rule ?? 'the rule'} reports ${where(findings)}.`;

/** Names the first place, production code before tests, and how many there are. */
function where(findings: readonly AuditFinding[]): string {
  const finding = findings.find(({ file }) => !isTestLike(file)) ?? findings[0];
  const place = finding ? placeOf(finding) : '';
  return findings.length > 1 ? `at ${count(findings.length, 'place')}, first ${place}` : `at ${place}`;
}

/** Only for the order of the report; which files are tests for the rules is a setting. */
function isTestLike(file: string): boolean {
  return /\.(?:test|spec)\.|(?:^|\/)(?:__tests__|tests?)\//.test(file);
}

function factoryStep(factories: readonly AuditFactory[], findings: number): string | undefined {
  const candidates = factories.filter(({ status }) => status === 'undecided').map(({ file }) => file);
  if (candidates.length === 0 && factories.length > 0) return undefined;
  const which = candidates.length === 0 ? '' : ` (candidates: ${candidates.join(', ')})`;
  const settles = findings === 1 ? 'The finding' : `${findings} findings`;
  return `Declare the factory${which} under "factories" in clickhouse-ssot.config.json, by hand or with clickhouse-ssot init. ${settles} of no-direct-client ${findings === 1 ? 'depends' : 'depend'} on it. clickhouse-ssot migrate --factory <file> declares it and moves the clients there.`;
}

function clientsOfRuntime(findings: readonly AuditFinding[]): string {
  return `Get the client from ${runtimePackage}, the factory of this project, ${where(findings)}. clickhouse-ssot migrate --to runtime shows the changes.`;
}

function directClients(findings: readonly AuditFinding[], factories: readonly AuditFactory[]): string {
  const inferred = factories.filter(({ status }) => status === 'inferred').map(({ file }) => file);
  const doubt = inferred.length === 0 ? '' : ` If ${inferred.join(' or ')} is not the factory, declare the right one under "factories".`;
  return `Get the client from the factory ${where(findings)}. clickhouse-ssot migrate shows the changes.${doubt}`;
}

function byRule(findings: readonly AuditFinding[]): [string, AuditFinding[]][] {
  const groups = new Map<string, AuditFinding[]>();
  for (const finding of findings) groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
  return [...groups];
}
