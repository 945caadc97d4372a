import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read } from '../../scripts/generated.js';
import { codeBase } from '../project/code-base.js';
import { repository } from '../places.js';
import { type EslintPackage, type EslintResult, reportsOf } from './hosts.js';

const snippet = /### ESLint\n.*?^```js\n(.*?)^```/ms.exec(read('README.md'))?.[1] ?? '';

/** Lints a TypeScript project of two clients with a configuration, and returns what ESLint reports. */
function lint(eslint: EslintPackage, config: string) {
  const root = codeBase({
    'package.json': { name: 'app', type: 'module' },
    'src/a.ts': `import { createClient } from '@clickhouse/client';\nexport const a: unknown = createClient();\n`,
    'src/b.mts': `import { createClient } from '@clickhouse/client';\nexport const b = createClient() satisfies object;\n`,
  });
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'eslint.config.mjs'), config);
  const run = spawnSync(process.execPath, [join(repository, 'node_modules', eslint, 'bin/eslint.js'), '.', '--format', 'json'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  const results: EslintResult[] = JSON.parse(run.stdout);
  return reportsOf(root, results).map(({ rule, file, line, message }) => ({ rule, file, line, message }));
}

const findings = [
  { rule: 'no-direct-client', file: 'src/a.ts', line: 2 },
  { rule: 'no-direct-client', file: 'src/b.mts', line: 2 },
];
const plugin = `import clickHouseSsot from 'eslint-plugin-clickhouse-ssot';\n`;

describe.each(['eslint', 'eslint9'] as const)('in %s, the configuration', (eslint) => {
  it('of the README reports the findings of a TypeScript project', () => {
    expect(lint(eslint, snippet)).toMatchObject(findings);
  });

  it.each(['base', 'recommended'])('with typescript-eslint %s and the preset reports them', (preset) => {
    const config = `${plugin}import tseslint from 'typescript-eslint';\nexport default [tseslint.configs.${preset}, clickHouseSsot.configs.recommended].flat();\n`;
    expect(lint(eslint, config).filter(({ rule }) => rule.startsWith('no-direct'))).toMatchObject(findings);
  });

  it('with the preset alone fails on TypeScript syntax, and is not silent', () => {
    const reports = lint(eslint, `${plugin}export default [clickHouseSsot.configs.recommended];\n`);
    expect(reports.map(({ file }) => file)).toEqual(['src/a.ts', 'src/b.mts']);
    for (const { message } of reports) expect(message).toContain('Parsing error');
  });
});
