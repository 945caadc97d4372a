import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whatever a test leaves behind, it leaves in one folder, and that goes with the run. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-run-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
