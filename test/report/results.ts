import type { AuditFinding, AuditResult } from '../../src/audit/audit-result.js';

/** A finding in one line of one file. */
export const finding: AuditFinding = {
  rule: 'no-direct-client',
  file: 'src/a.ts',
  line: 3,
  column: 7,
  endLine: 3,
  endColumn: 19,
  message: 'A client is constructed outside the factory.',
  fixable: false,
  path: [],
  within: '',
  fingerprint: '0123456789abcdef',
};

/** The result of an audit without findings. */
export const clean: AuditResult = {
  schemaVersion: 1,
  tool: { name: 'eslint-plugin-clickhouse-ssot', version: '1.2.3' },
  root: '/code',
  files: 12,
  sliceFiles: 2,
  constructions: [],
  wrappers: [],
  rules: ['no-connection-recursion', 'no-direct-client'],
  findings: [],
  sanctioned: [],
  disabled: [],
  staleSettings: [],
  notJudged: [],
  notices: [],
};
