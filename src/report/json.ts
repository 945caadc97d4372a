import type { AuditResult } from '../audit/audit-result.js';

/** Returns the result as indented JSON, for programs. */
export function toJson(result: AuditResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
