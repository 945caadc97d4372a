import { describe, expect, it } from 'vitest';
import { editors, inEditor, rulesOf } from './editors.js';

describe.each(editors)('the quick fix in an editor with %s', (name) => {
  it.each([
    ['', 'return getClient();', 'return getClient({ bypassManager: true });'],
    [' behind an emoji', '/* 😀 é */ return getClient();', '/* 😀 é */ return getClient({ bypassManager: true });'],
  ])('bypasses the manager%s, and the findings are gone', (_, before, after) =>
    inEditor(name, 'recursion/missed-one', async ({ editor, read }) => {
      const text = read('src/reconnect.ts').replace('return getClient();', before);
      const reported = await editor.open('src/reconnect.ts', text);
      const missing = reported.find((diagnostic) => rulesOf([diagnostic]).includes('require-manager-bypass'));
      expect(missing?.range.start).toEqual({ line: 5, character: 2 + before.indexOf('getClient') });

      const offers = missing ? await editor.offers('src/reconnect.ts', missing) : [];
      const fix = offers.find(({ title }) => /^Fix (?:this )?clickhouse-ssot\/require-manager-bypass problem$/.test(title));
      const fixed = fix ? await editor.after('src/reconnect.ts', fix) : '';
      expect(fixed).toBe(text.replace(before, after));
      expect(rulesOf(await editor.type('src/reconnect.ts', fixed))).toEqual([]);
    }),
  );
});
