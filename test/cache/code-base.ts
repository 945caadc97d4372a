import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditOutcome } from '../../src/audit/audit.js';
import { auditPaths, type AuditPathsOptions } from '../../src/audit/audit-paths.js';
import { createTrace } from '../../src/trace/trace.js';
import { fixture } from '../places.js';

/** Copies the fixture of the incident into a new folder, as a package, and returns its path. */
export function copyOfIncident(): string {
  const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-cache-'));
  cpSync(fixture('recursion/missed-one'), root, { recursive: true });
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'incident', dependencies: { '@clickhouse/client': '1' } }));
  return root;
}

/** Returns a new empty folder. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'clickhouse-ssot-cache-'));
}

/** The outcome of an audit, and what its trace says about the cache. */
export interface CachedRun {
  readonly outcome: AuditOutcome;
  /** The debug facts that start with `cache: `, without that. */
  readonly facts: readonly string[];
  /** Whether each answer came from the cache. */
  readonly isHit: boolean;
}

/** Audits a code base with a cache: by default, in the default folder. */
export function auditCached(root: string, options: Partial<AuditPathsOptions> = {}): CachedRun {
  const facts: string[] = [];
  const trace = createTrace((line) => facts.push(...(/^clickhouse-ssot: cache: (.*)\n$/.exec(line)?.slice(1) ?? [])));
  const outcome = auditPaths({ paths: [root], cache: { kind: 'settings' }, ...options, trace });
  return { outcome, facts, isHit: facts.some((fact) => fact.startsWith('hit')) && !facts.some((fact) => fact.startsWith('miss')) };
}

/** Audits a code base without a cache. */
export function auditFresh(root: string, options: Partial<AuditPathsOptions> = {}): AuditOutcome {
  return auditPaths({ paths: [root], ...options });
}
