import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { repository } from './rule-files.js';

/**
 * Returns the JSON schema of `--format json`, made of the types and their comments. Further properties are allowed: a later version may
 * add some without a new `schemaVersion`.
 */
export function auditJsonSchema(): string {
  const generator = createGenerator({
    path: join(repository, 'src/audit/audit-result.ts'),
    tsconfig: join(repository, 'tsconfig.build.json'),
    type: 'AuditResult',
    skipTypeCheck: true,
    additionalProperties: true,
  });
  const schema = generator.createSchema('AuditResult');
  return `${JSON.stringify({ ...schema, title: 'Result of clickhouse-ssot audit' }, undefined, 2)}\n`;
}
