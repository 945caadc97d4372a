import { renameSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { editors, inEditor, rulesOf } from './editors.js';

const recursion = ['no-connection-recursion', 'require-manager-bypass'];

describe.each(editors)('an editor with %s', (name) => {
  it('shows the findings of a file that is opened', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read }) => {
      expect(rulesOf(await editor.open('src/reconnect.ts', read('src/reconnect.ts')))).toEqual(recursion);
      expect(editor.log.some((line) => line.includes('node_modules/eslint9/'))).toBe(name === 'ESLint 9');
    }));

  it('takes the findings of one file away when another is edited, without a save and without a restart', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read }) => {
      const [reconnect, health] = [read('src/reconnect.ts'), read('src/health.ts')];
      await editor.open('src/reconnect.ts', reconnect);
      await editor.open('src/health.ts', health);

      await editor.type('src/health.ts', health.replace(`return reconnect('stale');`, `throw new Error('gone');`));
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual([]);
      expect(rulesOf(await editor.type('src/reconnect.ts', `${reconnect}\n`))).toEqual([]);

      await editor.type('src/health.ts', health);
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual(recursion);
    }));

  it('is told that files do not depend on one another, and need not ask again for those that nobody touches', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor }) => {
      expect(editor.capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: false });
      expect(await editor.open('src/empty.ts', '')).toEqual([]);
    }));

  it('follows files that are deleted, created, renamed and moved', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read, write, path }) => {
      const [health, manager] = [read('src/health.ts'), read('src/manager.ts')];
      const look = () => editor.diagnose('src/reconnect.ts');
      await editor.open('src/reconnect.ts', read('src/reconnect.ts'));

      rmSync(path('src/health.ts'));
      expect(rulesOf(await look())).toEqual([]);
      write('src/health.ts', health);
      expect(rulesOf(await look())).toEqual(recursion);

      renameSync(path('src/health.ts'), path('src/vitals.ts'));
      expect(rulesOf(await look())).toEqual([]);
      write('src/manager.ts', manager.replace('./health.js', './vitals.js'));
      expect((await look()).map(({ message }) => message)).toContainEqual(expect.stringContaining('src/vitals.ts'));

      write('src/checks/vitals.ts', health.replace('./reconnect.js', '../reconnect.js'));
      rmSync(path('src/vitals.ts'));
      write('src/manager.ts', manager.replace('./health.js', './checks/vitals.js'));
      expect((await look()).map(({ message }) => message)).toContainEqual(expect.stringContaining('src/checks/vitals.ts'));
    }));

  it('knows a file that has never been saved', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read, path }) => {
      const health = read('src/health.ts');
      rmSync(path('src/health.ts'));
      await editor.open('src/reconnect.ts', read('src/reconnect.ts'));
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual([]);

      await editor.open('src/health.ts', health);
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual(recursion);
    }));

  it('goes on with what was typed and thrown away until that file is opened again', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read }) => {
      const health = read('src/health.ts');
      await editor.open('src/reconnect.ts', read('src/reconnect.ts'));
      await editor.open('src/health.ts', health);
      await editor.type('src/health.ts', health.replace(`return reconnect('stale');`, `throw new Error('gone');`));
      await editor.close('src/health.ts');
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual([]);

      await editor.open('src/health.ts', health);
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual(recursion);
    }));

  it('judges a document without a file if the server hands it over, as oxlint does not', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor }) => {
      const client = `import { createClient } from '@clickhouse/client';\ncreateClient();\n`;
      expect(rulesOf(await editor.open('untitled:Untitled-1', client))).toEqual(name === 'oxlint' ? [] : ['no-direct-client']);
    }));
});
