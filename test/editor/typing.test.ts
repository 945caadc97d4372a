import { describe, expect, it } from 'vitest';
import { editors, inEditor, rulesOf } from './editors.js';

const recursion = ['no-connection-recursion', 'require-manager-bypass'];

describe.each(editors)('half-typed code in an editor with %s', (name) => {
  it('does not change the findings in other files: the last text that parsed counts', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read }) => {
      const health = read('src/health.ts');
      await editor.open('src/reconnect.ts', read('src/reconnect.ts'));
      await editor.open('src/health.ts', health);
      await editor.type('src/health.ts', health.replace(`return reconnect('stale');`, 'throw new Error('));
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual(recursion);
      await editor.type('src/health.ts', health.replace(`return reconnect('stale');`, `throw new Error('gone');`));
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual([]);
    }));

  it('never stops the server: the findings appear as soon as the file parses', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read }) => {
      const whole = read('src/reconnect.ts');
      await editor.open('src/reconnect.ts', '');
      for (let typed = 0; typed < whole.length; typed += 5) {
        const reported = await editor.type('src/reconnect.ts', whole.slice(0, typed));
        expect(reported.map(({ message }) => message).join('\n')).not.toMatch(/clickhouse-ssot could not|Error running JS plugin/);
      }
      expect(rulesOf(await editor.type('src/reconnect.ts', whole))).toEqual(recursion);
    }));
});
