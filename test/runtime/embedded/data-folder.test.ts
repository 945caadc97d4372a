import { expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clickHouse, closeClickHouse } from '../../../runtime/src/index.js';

it('a data folder that cannot be used is an error about the folder, and not about the installation', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-data-'));
  const dataPath = join(folder, 'file');
  writeFileSync(dataPath, 'no folder');
  const failure: unknown = await clickHouse({ dataPath, env: false })
    .command({ query: 'SELECT 1' })
    .catch((error: unknown) => error);
  await closeClickHouse({ timeoutMs: 0 });
  rmSync(folder, { recursive: true });
  expect(failure).toMatchObject({
    kind: 'EngineMissingError',
    message: expect.stringContaining('Check that this process can create') as string,
  });
  expect(String(failure)).not.toContain('npm install');
});
