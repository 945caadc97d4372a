import { describe, expect, it } from 'vitest';
import { editEslintConfig } from '../../src/init/edit-eslint-config.js';
import { configSamples } from './eslint-configs.js';

function edited(file: string, text: string, hasTypeScript = false): string {
  const { outcome } = editEslintConfig(file, text, hasTypeScript);
  return outcome.kind === 'edit' ? outcome.edit.after : `${outcome.kind}: ${outcome.kind === 'manual' ? outcome.step.reason : ''}`;
}

describe('the edit of a flat configuration', () => {
  it.each(Object.entries(configSamples))('of %s keeps every line of it, and happens once', (_, { file, text }) => {
    const after = edited(file, text, true);
    expect(after).toContain('eslint-plugin-clickhouse-ssot');
    expect(edited(file, after, true)).toBe('unchanged: ');
    const squeezed = (value: string) => value.replace(/[\s,;]/g, '');
    // The old text is left if all insertions are taken out: each of its characters is there, in order.
    let at = 0;
    for (const character of squeezed(after)) if (character === squeezed(text)[at]) at += 1;
    expect(at).toBe(squeezed(text).length);
  });

  it('follows the quotes, semicolons, indentation and trailing commas of the file', () => {
    expect(edited('eslint.config.mjs', `import a from "a"\n\nexport default [\n\ta,\n\t...a.b, // more\n]\n`)).toBe(
      `import a from "a"\nimport clickHouseSsot from "eslint-plugin-clickhouse-ssot"\n\nexport default [\n\ta,\n\t...a.b, // more\n\tclickHouseSsot.configs.recommended,\n]\n`,
    );
    expect(edited('eslint.config.mjs', `import a from 'a';\nexport default [a /* last */ ];\n`)).toBe(
      `import a from 'a';\nimport clickHouseSsot from 'eslint-plugin-clickhouse-ssot';\nexport default [a, /* last */ clickHouseSsot.configs.recommended ];\n`,
    );
  });

  it('gives a composer that takes options first an empty object of them', () => {
    const config = (args: string) => `import antfu from '@antfu/eslint-config';\n\nexport default antfu(${args});\n`;
    expect(edited('eslint.config.js', config(''))).toContain('antfu({}, clickHouseSsot.configs.recommended)');
    expect(edited('eslint.config.js', config('{ vue: true }'))).toContain('antfu({ vue: true }, clickHouseSsot.configs.recommended)');
  });

  it('adds the parser only to a configuration that parses JavaScript only, in a project with TypeScript', () => {
    const text = `import js from '@eslint/js';\nexport default [js.configs.recommended];\n`;
    expect(edited('eslint.config.js', text, true)).toContain('parser: tseslint.parser');
    expect(edited('eslint.config.js', text, false)).not.toContain('parser');
    expect(edited('eslint.config.js', `import own from './own.js';\nexport default own;\n`, true)).not.toContain('parser');
    expect(editEslintConfig('eslint.config.js', text, true).packages).toEqual(['eslint-plugin-clickhouse-ssot', 'typescript-eslint']);
  });

  it.each([
    ['a syntax error', 'export default [;', 'It has a syntax error.'],
    ['two exports', 'module.exports = [];\nif (x) {}\nmodule.exports = {};', 'It exports its configuration in more than one place.'],
    ['no export', 'const config = [];', 'It has no default export that can be read.'],
    ['an export in a branch', 'if (x) { module.exports = []; }', 'It has no default export that can be read.'],
    ['a function', 'export default () => [];', 'It exports no array, object or call.'],
    ['a re-export', `export { default } from './other.js';`, 'It has no default export that can be read.'],
    [
      'a variable of another module under a name',
      `import a from 'a';\nexport { a as default };`,
      'The exported configuration is not in this file.',
    ],
    ['a text', `export default 'x';`, 'It exports no array, object or call.'],
    ['an empty file', '', 'It has no default export that can be read.'],
  ])('does not touch a file with %s, and prints the lines', (_, text, reason) => {
    const { outcome } = editEslintConfig('eslint.config.js', text, false);
    expect(outcome).toMatchObject({
      kind: 'manual',
      step: { where: 'eslint.config.js', reason, lines: expect.arrayContaining(['clickHouseSsot.configs.recommended,']) as string[] },
    });
  });
});
