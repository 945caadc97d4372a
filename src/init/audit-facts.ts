import type { AuditConstruction, AuditFactory, AuditFinding, AuditResult } from '../audit/audit-result.js';

/** The facts of an audit that init reads. */
export interface AuditFacts {
  /** Modules that are the factory of deployables, or candidates. */
  readonly factories: readonly AuditFactory[];
  /** Findings that the settings, comments and a baseline do not permit. */
  readonly findings: readonly AuditFinding[];
  /** Client constructions, allowed or not. */
  readonly constructions: readonly AuditConstruction[];
}

/** Returns the facts about the files of a project itself; projects below it have settings of their own. */
export function factsOf({ factories, findings, constructions }: AuditResult, isOwn: (file: string) => boolean): AuditFacts {
  return {
    factories: factories.filter(({ file }) => isOwn(file)),
    findings: findings.filter(({ file }) => isOwn(file)),
    constructions: constructions.filter(({ file }) => isOwn(file)),
  };
}
