import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives all tests one temporary folder, which is removed at the end of the run. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-run-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
