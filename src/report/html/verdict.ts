import type { AuditResult } from '../../audit/audit-result.js';
import { groupFindings } from '../group-findings.js';
import { count, placeOf } from '../page.js';

/** The verdict of an audit in one sentence. */
export interface Verdict {
  readonly kind: 'pass' | 'fail' | 'nothing';
  readonly sentence: string;
}

/** What the findings of a rule are, after "the most harmful is". */
const harms: Readonly<Record<string, string | undefined>> = {
  'no-connection-recursion': 'a connection recursion that never returns',
  'no-possible-connection-recursion': 'a possible connection recursion',
  'no-connection-import-cycle': 'an import cycle among connection modules',
  'no-nested-acquire': 'a lease that is held while another one is acquired',
  'require-release': 'a client that is never closed',
  'no-undrained-result': 'a result that is neither read nor closed',
  'no-swallowed-error': 'a failure that is dropped',
  'require-manager-bypass': 'a call without the bypass of the manager',
  'single-client-per-purpose': 'a client that repeats the configuration of another one',
  'no-direct-client': 'a client that is constructed outside the factory',
  'no-raw-http': 'a request to ClickHouse without a client',
  'no-adhoc-mock': 'a mock that a test writes by itself',
  'no-error-text-matching': 'a decision on the text of an error',
  'single-config-source': 'a setting from a second configuration',
  'use-service-interface': 'a declared type that is the concrete client',
};

/** Returns the verdict of an audit. */
export function verdictOf(result: AuditResult): Verdict {
  const { findings, constructions, usesRuntime, baseline, files, projects } = result;
  const known = baseline?.known.length ?? 0;
  const [worst] = groupFindings(findings);
  const [first] = worst?.findings ?? [];
  if (worst && first) {
    const harm = harms[worst.rule] ?? `one of ${worst.rule}`;
    const number = known > 0 ? `${count(findings.length, 'new finding')} beside ${known} known` : count(findings.length, 'finding');
    const sentence = `This code does not reach ClickHouse in one way: ${number}, and the most harmful is ${harm}, at ${placeOf(first)}.`;
    return { kind: 'fail', sentence };
  }
  if (constructions.length === 0 && !usesRuntime) return { kind: 'nothing', sentence: 'No code in these files uses a ClickHouse client.' };
  const where = `${count(files, 'source file')}${projects.length > 1 ? ` of ${projects.length} projects` : ''}`;
  if (known > 0)
    return {
      kind: 'pass',
      sentence: `There is no new finding in ${where}; ${known} known ${known === 1 ? 'one is' : 'ones are'} in the baseline.`,
    };
  return { kind: 'pass', sentence: `This code reaches ClickHouse in one way: no findings in ${where}.` };
}
