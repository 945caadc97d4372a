import type { AuditResult } from '../audit/audit-result.js';

/** The whole result, for programs. */
export function toJson(result: AuditResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
