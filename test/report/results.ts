import type { AuditFinding, AuditResult } from '../../src/audit/audit-result.js';
import { selectRules } from '../../src/audit/select-rules.js';

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
  preset: 'recommended',
  rules: selectRules({ preset: 'recommended', rules: [] }).map(({ name }) => name),
  projects: [{ path: '.', files: 12, sliceFiles: 2 }],
  paths: [],
  files: 12,
  sliceFiles: 2,
  constructions: [],
  factories: [{ file: 'src/db.ts', status: 'declared', reason: 'the settings declare it', deployables: [] }],
  wrappers: [],
  usesRuntime: false,
  accessors: [],
  managers: [],
  graph: { nodes: [], edges: [] },
  checklist: [],
  findings: [],
  sanctioned: [],
  disabled: [],
  staleSettings: [],
  notJudged: [],
  incomplete: [],
  information: [],
  notices: [],
};
