import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * An existing rule that analyses more than one file. It must first find what is planted for it: a rule that resolves no import is fast
 * and finds nothing. Used by `bench/run.js` and `bench/cycles.js`.
 *
 * @typedef {{ readonly name: string; readonly config: string; readonly rule: string; readonly planted: Readonly<Record<string, string>>; readonly finds: number }} Rival
 */

/** @type {readonly Rival[]} */
export const rivals = [
  {
    name: 'import-x/no-cycle alone',
    rule: 'import-x/no-cycle',
    config: `import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import parser from '@typescript-eslint/parser';
export default [{
  files: ['**/*.ts'],
  languageOptions: { parser },
  plugins: { 'import-x': importX },
  settings: { 'import-x/extensions': ['.ts'], 'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json' })] },
  rules: { 'import-x/no-cycle': 'error' },
}];
`,
    // A cycle through an import without extension, an import by tsconfig paths, and an import by the name of the built file.
    planted: {
      'a.ts': `import { b } from './b';\nexport const a = () => b;\n`,
      'b.ts': `import { c } from '@app/planted/c';\nexport const b = () => c;\n`,
      'c.ts': `import { a } from './a.js';\nexport const c = () => a;\n`,
    },
    finds: 3,
  },
  {
    name: 'typed linting (projectService), one rule',
    rule: '@typescript-eslint/no-floating-promises',
    config: `import tseslint from 'typescript-eslint';
export default [{
  files: ['**/*.ts'],
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: process.cwd() } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: { '@typescript-eslint/no-floating-promises': 'error' },
}];
`,
    planted: {
      'promise.ts': `export const wait = () => new Promise<void>((done) => queueMicrotask(done));\n`,
      'floating.ts': `import { wait } from './promise.js';\nwait();\n`,
    },
    finds: 1,
  },
];

/** Writes the files with the planted findings. @param {string} root */
export function plant(root) {
  mkdirSync(join(root, 'src/planted'), { recursive: true });
  for (const { planted } of rivals)
    for (const [file, text] of Object.entries(planted)) writeFileSync(join(root, 'src/planted', file), text);
}

/** Throws unless the rival finds all planted findings. @param {Rival} rival @param {readonly string[]} eslint @param {string} root */
export function prove({ name, rule, finds }, eslint, root) {
  const { stdout, stderr } = spawnSync(process.execPath, [...eslint, 'src/planted', '--format', 'json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  /** @type {readonly { readonly messages: readonly { readonly ruleId: string | null }[] }[]} */
  const results = JSON.parse(stdout || '[]');
  const found = results.flatMap(({ messages }) => messages.filter(({ ruleId }) => ruleId === rule)).length;
  if (found !== finds) throw new Error(`${name} found ${found} of ${finds} planted findings, so its time is meaningless.\n${stderr}`);
}
