import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { repository } from '../places.js';
import { configureEslint, copyOf, type EslintResult, reportsOf, runAudit } from './hosts.js';

/** Lints every second file in one worker thread and the others in a second one, at the same time. */
async function lintInTwoWorkers(eslint: 'eslint' | 'eslint9', folder: string) {
  configureEslint(folder);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const lintInWorker = async (part: readonly string[]) => {
    const worker = new Worker(new URL('lint-in-worker.js', import.meta.url), {
      workerData: { eslint: join(repository, 'node_modules', eslint, 'lib/api.js'), folder, files: part },
    });
    const [results]: EslintResult[][] = await once(worker, 'message');
    return reportsOf(folder, results ?? []);
  };
  const reported = await Promise.all([0, 1].map((worker) => lintInWorker(files.filter((_, index) => index % 2 === worker))));
  return reported.flat();
}

const byPlace = (reports: readonly object[]) => reports.map((report) => JSON.stringify(report)).sort();

describe.each(['eslint', 'eslint9'] as const)('%s in worker threads', (eslint) => {
  it.each(['recursion/missed-one', 'incident-before'])('finds in %s what one process finds', async (name) => {
    const folder = copyOf(name);
    expect(byPlace(await lintInTwoWorkers(eslint, folder))).toEqual(byPlace(runAudit(folder)));
  });

  it('reports invalid settings once in each thread', async () => {
    const folder = copyOf('incident-before');
    writeFileSync(join(folder, 'clickhouse-ssot.config.json'), '{ "factorys": [] }');
    expect(await lintInTwoWorkers(eslint, folder)).toEqual(
      Array(2).fill(expect.objectContaining({ line: 1, column: 1, message: expect.stringContaining('"factorys"') })),
    );
  });
});
