import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import plugin from '../../src/plugin.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { fixture } from '../places.js';

const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-names-'));
cpSync(fixture('recursion/missed-one'), root, { recursive: true });
// With a declared factory, a client under any other name is a finding.
writeFileSync(join(root, 'clickhouse-ssot.config.json'), '{ "factories": ["src/factory.ts"] }');
const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;
writeFileSync(join(root, 'src/factory.ts'), client);

/** Lints by ESLint's `Linter`, which reads no files and accepts any name. */
function lint(filename: string, text = client): string[] {
  const linter = new Linter({ cwd: root, configType: 'flat' });
  const messages = linter.verify(text, { ...plugin.configs.strict, files: ['**/?*'], languageOptions: { parser } }, filename);
  return messages.map(({ ruleId, message }) =>
    ruleId === 'clickhouse-ssot/no-direct-client' && message.startsWith('`createClient`') ? ruleId : message,
  );
}

describe('a text is checked under a name that is not a file', () => {
  it.each([
    '__placeholder__.js',
    'untitled:Untitled-1.ts',
    'vscode-notebook-cell:/work/a.ipynb#W0.ts',
    'c:/work/src/a.ts',
    'a.ts',
    './src/new.ts',
    join(root, 'src/../src/client.ts'),
    join(root, 'README.md/0_0.ts'),
    join(root, 'src/reconnect.ts/a.ts'),
    join(root, `${'long/'.repeat(1_000)}a.ts`),
  ])('%s', (filename) => {
    expect(lint(filename)).toEqual(['clickhouse-ssot/no-direct-client']);
    expect(lint(filename, '')).toEqual([]);
  });
});

describe('a text under a name without the extension of a module has no findings', () => {
  it.each(['<input>', '<text>', 'untitled:Untitled-1', 'page.vue', 'README.md'])('%s', (filename) => {
    expect(lint(filename)).toEqual([]);
  });
});

describe('code inside another file', () => {
  it('is not a module of the program, under any name that a processor gives it', () => {
    const linter = new Linter({ cwd: root, configType: 'flat' });
    const processor = {
      preprocess: (text: string) => [{ text, filename: 'client.ts' }],
      postprocess: (messages: Linter.LintMessage[][]) => messages.flat(),
    };
    const blocks = { files: ['**/*.md'], plugins: { blocks: { processors: { all: processor } } }, processor: 'blocks/all' };
    const modules = {
      ...plugin.configs.strict,
      files: ['**/*.ts'],
      languageOptions: { parser },
      rules: { ...plugin.configs.strict.rules, 'no-undef': 'error' as const },
    };
    const messages = linter.verify(client, [blocks, modules], { filename: join(root, 'README.md'), filterCodeBlock: () => true });
    expect(messages).toEqual([]);
    expect(
      linter.verify(`${client}unknown;`, [blocks, modules], { filename: join(root, 'README.md'), filterCodeBlock: () => true }),
    ).toMatchObject([{ ruleId: 'no-undef' }]);
  });
});

describe('no rule fails on a name from another system', () => {
  it.each(['C:\\work\\src\\a.ts', '\\\\server\\share\\a.ts', 'src/\u0000.ts', 'src/\uD800.ts'])('%j', (filename) => {
    for (const message of lint(filename)) expect(message).toBe('clickhouse-ssot/no-direct-client');
  });
});

describe('a file outside of the working folder of the linter', () => {
  it('is checked alone: a factory in the working folder is none of its program', () => {
    const result = new ProjectAnalyses().lint(rules['no-direct-client'], {
      file: '/nowhere/at/all/a.ts',
      cwd: root,
      text: client,
      override: { factories: ['src/factory.ts'] },
    });
    expect(result).toMatchObject({ kind: 'findings', findings: [{ messageId: 'missingFactory' }] });
  });
});
