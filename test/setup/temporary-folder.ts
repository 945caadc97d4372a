import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates the temporary folder of all tests. Returns the function that removes it at the end of the run. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-run-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
