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

  it('removes the findings of one file when another is edited, without a save and without a restart', () =>
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

  it('receives that files do not depend on one another, so it need not lint untouched files again', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor }) => {
      expect(editor.capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: false });
      expect(await editor.open('src/empty.ts', '')).toEqual([]);
    }));

  it('follows files that are deleted, created, renamed and moved', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read, write, path }) => {
      const [health, manager] = [read('src/health.ts'), read('src/manager.ts')];
      const diagnose = () => editor.diagnose('src/reconnect.ts');
      await editor.open('src/reconnect.ts', read('src/reconnect.ts'));

      rmSync(path('src/health.ts'));
      expect(rulesOf(await diagnose())).toEqual([]);
      write('src/health.ts', health);
      expect(rulesOf(await diagnose())).toEqual(recursion);

      renameSync(path('src/health.ts'), path('src/vitals.ts'));
      expect(rulesOf(await diagnose())).toEqual([]);
      write('src/manager.ts', manager.replace('./health.js', './vitals.js'));
      expect((await diagnose()).map(({ message }) => message)).toContainEqual(expect.stringContaining('src/vitals.ts'));

      write('src/checks/vitals.ts', health.replace('./reconnect.js', '../reconnect.js'));
      rmSync(path('src/vitals.ts'));
      write('src/manager.ts', manager.replace('./health.js', './checks/vitals.js'));
      expect((await diagnose()).map(({ message }) => message)).toContainEqual(expect.stringContaining('src/checks/vitals.ts'));
    }));

  it('takes unsaved new files into account', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read, path }) => {
      const health = read('src/health.ts');
      rmSync(path('src/health.ts'));
      await editor.open('src/reconnect.ts', read('src/reconnect.ts'));
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual([]);

      await editor.open('src/health.ts', health);
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual(recursion);
    }));

  it('keeps discarded edits of a closed file until that file is opened again', () =>
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

  it('checks a document without a file if the server passes it on; oxlint does not', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor }) => {
      const client = `import { createClient } from '@clickhouse/client';\ncreateClient();\n`;
      expect(rulesOf(await editor.open('untitled:Untitled-1', client))).toEqual(name === 'oxlint' ? [] : ['no-direct-client']);
    }));
});
