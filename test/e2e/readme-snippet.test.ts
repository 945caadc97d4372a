import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read } from '../../scripts/generated.js';
import { configs } from '../../src/plugin.js';
import { readSettings } from '../../src/settings/load-settings.js';
import { codeBase } from '../project/code-base.js';
import { repository } from '../places.js';
import { type EslintPackage, type EslintResult, reportsOf } from './hosts.js';

const readme = read('README.md');
const snippet = /### ESLint\n.*?^```js\n(.*?)^```/ms.exec(readme)?.[1] ?? '';
const commonJsSnippet = /CommonJS.*?^```js\n(.*?)^```/ms.exec(readme)?.[1] ?? '';
const oxlintSnippet = /### oxlint\n.*?^```json\n(.*?)^```/ms.exec(readme)?.[1] ?? '';
const settingsSnippet = /^```jsonc\n(.*?)^```/ms.exec(readme)?.[1] ?? '';

/** Writes a TypeScript project of a factory and two further clients, without settings, with the files that configure its linter. */
function project(files: Readonly<Record<string, string>>): string {
  const root = codeBase({
    'package.json': { name: 'app', type: 'module' },
    'src/clickhouse.ts': `import { createClient } from '@clickhouse/client';\nexport const clickhouse = createClient();\n`,
    'src/a.ts': `import { createClient } from '@clickhouse/client';\nexport const a: unknown = createClient();\n`,
    'src/b.mts': `import { createClient } from '@clickhouse/client';\nexport const b = createClient() satisfies object;\n`,
    ...files,
  });
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  return root;
}

/** Lints that project with a configuration, and returns what ESLint reports. */
function lint(eslint: EslintPackage, config: string, file = 'eslint.config.mjs') {
  const root = project({ [file]: config });
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

  it('of the README for CommonJS reports them', () => {
    expect(lint(eslint, commonJsSnippet, 'eslint.config.cjs')).toMatchObject(findings);
  });

  it('with a global ignore reports the other files', () => {
    const ignore = `import { globalIgnores } from 'eslint/config';\n${snippet.replace('[', "[globalIgnores(['src/a.ts']),")}`;
    expect(lint(eslint, ignore)).toMatchObject(findings.slice(1));
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

describe('the configuration of the README for oxlint', () => {
  it('reports the findings of a TypeScript project', () => {
    const run = spawnSync(join(repository, 'node_modules/.bin/oxlint'), ['--format', 'unix', 'src'], {
      cwd: project({ '.oxlintrc.json': oxlintSnippet }),
      encoding: 'utf8',
    });
    expect(run.status).toBe(1);
    for (const { file, line } of findings) expect(run.stdout).toContain(`${file}:${line}:`);
  });

  it('has the rules of the preset recommended', () => {
    const { rules }: { readonly rules?: unknown } = JSON.parse(oxlintSnippet);
    expect(rules).toEqual(configs.recommended.rules);
  });
});

it('the settings of the README are valid', () => {
  expect(readSettings('/root', undefined, () => settingsSnippet)).toMatchObject({ ok: true });
});

it.each(['eslint-plugin-clickhouse-ssot', 'clickhouse-ssot'])('the README gives the place of the schema in %s', (name) => {
  expect(readme).toContain(`./node_modules/${name}/schema.json`);
});
