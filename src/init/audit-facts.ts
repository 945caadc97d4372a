import type { AuditFinding, AuditResult } from '../audit/audit-result.js';

/** A module that constructs clients, and whether it is the factory of its deployables. */
export interface FactoryFact {
  /** Path relative to the root. */
  readonly file: string;
  readonly status: 'declared' | 'inferred' | 'undecided';
  /** Why, as part of a sentence. */
  readonly reason: string;
  readonly deployables: readonly string[];
}

/** What init takes from an audit. */
export interface AuditFacts {
  readonly factories: readonly FactoryFact[];
  readonly findings: readonly AuditFinding[];
  /** Number of client constructions, allowed or not. */
  readonly constructions: number;
}

/** Returns the facts of a result. `isTest` says whether a file is a test. */
export function factsOf(result: AuditResult, isOwn: (file: string) => boolean): AuditFacts {
  const findings = result.findings.filter(({ file }) => isOwn(file));
  const constructing = [...new Set(result.constructions.map(({ file }) => file))].filter(isOwn);
  return { factories: lone(constructing), findings, constructions: constructing.length };
}

function lone(files: readonly string[]): FactoryFact[] {
  const own = files.filter((file) => !/(?:^|\/)(?:tests?|__tests__|e2e)\/|\.(?:test|spec)\./.test(file));
  const status = own.length === 1 ? ('inferred' as const) : ('undecided' as const);
  return own.map((file) => ({ file, status, reason: 'it constructs a client', deployables: [] }));
}
