import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOf, runAudit, runEslint } from './hosts.js';

/** Lints in two workers. Each thread that loads the configuration writes a file: that shows that the workers started. */
function runConcurrently(eslint: 'eslint' | 'eslint9', folder: string) {
  writeFileSync(
    join(folder, 'concurrent.config.mjs'),
    `import { writeFileSync } from 'node:fs';\nimport { threadId } from 'node:worker_threads';\nwriteFileSync(\`thread-\${threadId}\`, '');\nexport { default } from './eslint.config.mjs';\n`,
  );
  const reported = runEslint(eslint, folder, ['--concurrency', '2', '--config', 'concurrent.config.mjs']);
  expect(readdirSync(folder).filter((name) => name.startsWith('thread-')).length, 'threads that loaded the plugin').toBeGreaterThanOrEqual(
    3,
  );
  return reported;
}

describe.each(['eslint', 'eslint9'] as const)('%s --concurrency 2', (eslint) => {
  it.each(['recursion/missed-one', 'recursion/callback', 'recursion/interface-dispatch', 'incident-before'])(
    'finds in %s what one process finds',
    (name) => {
      const folder = copyOf(name);
      const audited = runAudit(folder);
      expect(audited).not.toEqual([]);
      expect(runConcurrently(eslint, folder)).toEqual(audited);
    },
  );

  it('reports invalid settings once for each worker that lints, not for each file', () => {
    const folder = copyOf('incident-before');
    writeFileSync(join(folder, 'clickhouse-ssot.config.json'), '{ "factorys": [] }');
    const reported = runConcurrently(eslint, folder);
    expect([1, 2]).toContain(reported.length);
    for (const { message } of reported) expect(message).toContain('clickhouse-ssot.config.json: "factorys"');
  });
});
