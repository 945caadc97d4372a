import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { editors, inEditor, rulesOf } from './editors.js';

const settings = 'clickhouse-ssot.config.json';

describe.each(editors)('invalid settings in an editor with %s', (name) => {
  it('are one finding, which is gone once the settings are valid', () =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read, write, path }) => {
      const before = await editor.open('src/reconnect.ts', read('src/reconnect.ts'));
      expect(rulesOf(await editor.open('src/health.ts', read('src/health.ts')))).toEqual([]);

      write(settings, '{ "factorys": ["src/client.ts"] }');
      const broken = await editor.diagnose('src/reconnect.ts');
      expect(broken).toHaveLength(1);
      expect(broken[0]?.message).toContain(`${settings}: "factorys"`);
      expect(broken[0]?.range.start).toEqual({ line: 0, character: 0 });
      expect(await editor.diagnose('src/health.ts')).toEqual([]);

      write(settings, '{ "factories": ["src/client.ts"');
      expect(await editor.diagnose('src/health.ts')).toHaveLength(1);

      write(settings, '{ "factories": ["src/client.ts"] }');
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual(rulesOf(before));
      expect(await editor.diagnose('src/health.ts')).toEqual([]);

      rmSync(path(settings));
      expect(rulesOf(await editor.diagnose('src/reconnect.ts'))).toEqual(rulesOf(before));
    }));
});
