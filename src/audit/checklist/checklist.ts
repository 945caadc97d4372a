import { allFindings } from '../all-findings.js';
import type { RuleName } from '../../settings/rule-names.js';
import type { AuditCheck, AuditFinding, AuditResult } from '../audit-result.js';
import { selectRules } from '../select-rules.js';
import { type Documentation, documentationCheck } from './documentation.js';

/** A requirement that rules decide. */
export interface Requirement {
  readonly id: string;
  readonly requirement: string;
  /** Their findings break the requirement. */
  readonly rules: readonly RuleName[];
  /** Their findings leave it open. */
  readonly doubts?: readonly RuleName[];
  /** The sentence for a code base without findings. */
  readonly passes: (result: AuditResult) => string;
  /** Whether code that was not analysed leaves the requirement open. Default: false. */
  readonly needsAll?: boolean;
}

/** The checklist without the line of the documentation, in its order. Each rule decides exactly one requirement. */
export const requirements: readonly Requirement[] = [
  {
    id: 'manager-bypass',
    requirement: 'Every accessor call within reach of a manager sets the bypass',
    rules: ['require-manager-bypass'],
    passes: ({ accessors, managers }) =>
      managers.length === 0
        ? 'No manager calls an accessor.'
        : `Managers: ${namesOf(managers)}. Accessors: ${namesOf(accessors)}. No call lacks the bypass.`,
  },
  {
    id: 'one-connection-logic',
    requirement: 'No duplicate connection logic',
    rules: ['no-direct-client', 'single-client-per-purpose', 'no-raw-http'],
    passes: ({ constructions, usesRuntime }) =>
      `Client constructions: ${constructions.length}${constructions.length > 0 ? '. Each is allowed' : ''}.${usesRuntime ? ' @clickhouse-ssot/runtime connects.' : ''}`,
  },
  {
    id: 'one-configuration',
    requirement: 'One configuration source',
    rules: ['single-config-source'],
    passes: () => 'No ClickHouse setting is read or written down outside the configuration modules.',
  },
  {
    id: 'service-interface',
    requirement: 'Code and tests use the service interface in place of the concrete client',
    rules: ['use-service-interface', 'no-adhoc-mock'],
    passes: () => 'No declared type is the concrete client, and no test makes a double of the client for itself.',
  },
  {
    id: 'release',
    requirement: 'Clients, leases and results are released, and no holder of a lease acquires a second one',
    rules: ['require-release', 'no-undrained-result', 'no-nested-acquire'],
    passes: () => 'No client, lease or result stays open, and no lease waits for another.',
  },
  {
    id: 'error-handling',
    requirement: 'Failures of statements reach their callers, and no code reads their texts',
    rules: ['no-swallowed-error', 'no-error-text-matching'],
    passes: () => 'No failure of a statement is dropped, and no branch depends on the text of one.',
  },
  {
    id: 'import-cycles',
    requirement: 'No import cycle among connection modules',
    rules: ['no-connection-import-cycle'],
    passes: () => 'No connection module imports itself through others.',
  },
  {
    id: 'recursion',
    requirement: 'No call for a connection leads back to itself, in tests or in production',
    rules: ['no-connection-recursion'],
    doubts: ['no-possible-connection-recursion'],
    passes: ({ accessors }) => `Accessors whose calls were followed: ${accessors.length === 0 ? 'none' : namesOf(accessors)}.`,
    needsAll: true,
  },
];

/**
 * Returns the compliance checklist of an audit. It is empty if no code uses ClickHouse, and for a part of a project or of a preset: a part
 * proves nothing. `read` reads the documentation; it is only called if there is a checklist.
 */
export function checklistOf(result: AuditResult, read: () => Documentation): AuditCheck[] {
  const isWhole = result.paths.length === 0 && result.rules.length === selectRules({ preset: result.preset, rules: [] }).length;
  const usesClickHouse = result.usesRuntime || result.constructions.length + result.accessors.length > 0;
  if (!isWhole || !usesClickHouse) return [];
  return [...requirements.map((requirement) => check(requirement, result)), documentationCheck(result, read())];
}

function check({ id, requirement, rules, doubts = [], passes, needsAll = false }: Requirement, result: AuditResult): AuditCheck {
  const found = allFindings(result);
  const broken = found.filter(isOf(rules));
  const doubted = found.filter(isOf(doubts));
  const excepted = [...result.sanctioned, ...result.disabled].filter(isOf([...rules, ...doubts])).length;
  const missing = [...rules, ...doubts].filter((rule) => !result.rules.includes(rule));
  const open = needsAll ? [...result.notJudged.map(({ message }) => message), ...result.incomplete] : [];
  const line = { id, requirement, places: broken.map(placeOf) };
  if (broken.length > 0) return { ...line, verdict: 'fail', evidence: `Findings: ${numbersOf(broken)}.` };
  if (doubted.length > 0) return { ...line, verdict: 'unknown', evidence: `Findings: ${numbersOf(doubted)}.` };
  if (missing.length > 0)
    return {
      ...line,
      verdict: 'unknown',
      evidence: `${listOf(missing)} did not run; --preset strict runs ${missing.length > 1 ? 'them' : 'it'}.`,
    };
  if (open.length > 0) return { ...line, verdict: 'unknown', evidence: `No finding, but not all code was analysed. ${open[0] ?? ''}` };
  const exceptions = excepted === 0 ? '' : ` That is apart from exceptions in settings and comments: ${excepted}.`;
  return { ...line, verdict: 'pass', evidence: `${passes(result)}${exceptions}` };
}

function isOf(rules: readonly string[]): (finding: { readonly rule: string }) => boolean {
  return ({ rule }) => rules.includes(rule);
}

function placeOf({ file, line, column }: AuditFinding): AuditCheck['places'][number] {
  return { file, line, column };
}

/** `3 no-direct-client, 1 single-client-per-purpose`. */
function numbersOf(findings: readonly AuditFinding[]): string {
  const numbers = new Map<string, number>();
  for (const { rule } of findings) numbers.set(rule, (numbers.get(rule) ?? 0) + 1);
  return [...numbers].map(([rule, number]) => `${number} ${rule}`).join(', ');
}

function namesOf(roles: readonly { readonly name: string }[]): string {
  return listOf([...new Set(roles.map(({ name }) => name))]);
}

/** At most this many names are listed. */
const maxNames = 5;

function listOf(names: readonly string[]): string {
  return names.slice(0, maxNames).join(', ') + (names.length > maxNames ? ` and ${names.length - maxNames} more` : '');
}
