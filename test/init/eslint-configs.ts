/** A flat configuration of ESLint, in a form that projects use. */
export interface ConfigSample {
  readonly file: string;
  readonly text: string;
  /** Further files that the configuration loads. */
  readonly with?: Readonly<Record<string, string>>;
}

const js = `import js from '@eslint/js';\n`;
const ts = `import tseslint from 'typescript-eslint';\n`;

/** Configurations by the name of their form. Each is valid, and lints no file by a rule of the plugin. */
export const configSamples: Readonly<Record<string, ConfigSample>> = {
  'an array': { file: 'eslint.config.js', text: `${js}\nexport default [\n  js.configs.recommended,\n];\n` },
  'an array without a trailing comma, with comments': {
    file: 'eslint.config.mjs',
    text: `// @ts-check\n${js}\n/** @type {import('eslint').Linter.Config[]} */\nexport default [\n    // base\n    js.configs.recommended, // the rest\n    { rules: { 'no-undef': 'off' } } // last, [really]\n    // { rules: {} },\n]\n`,
  },
  'an array on one line': { file: 'eslint.config.js', text: `${ts}export default [...tseslint.configs.recommended, { rules: {} }]` },
  'an empty array': { file: 'eslint.config.js', text: 'export default [];\n' },
  'a single object': { file: 'eslint.config.js', text: `export default {\n  rules: { semi: 'off' },\n};\n` },
  'an object in a constant': { file: 'eslint.config.js', text: `const config = { rules: {} };\nexport default config;\n` },
  'Windows line breaks and a byte order mark': {
    file: 'eslint.config.js',
    text: `\uFEFFimport js from "@eslint/js";\r\n\r\nexport default [\r\n\tjs.configs.recommended,\r\n];\r\n`,
  },
  'defineConfig with an array': {
    file: 'eslint.config.mjs',
    text: `import { defineConfig, globalIgnores } from 'eslint/config';\n${ts}export default defineConfig([\n  globalIgnores(['dist']),\n  tseslint.configs.base,\n]);\n`,
  },
  'defineConfig with arguments': {
    file: 'eslint.config.mjs',
    text: `import { defineConfig as define } from 'eslint/config';\n${ts}\nexport default define(\n  { ignores: ['dist'] },\n  tseslint.configs.base\n);\n`,
  },
  'tseslint.config': {
    file: 'eslint.config.mjs',
    text: `import eslint from '@eslint/js';\n${ts}\nexport default tseslint.config(\n  { ignores: ['dist'] },\n  {\n    extends: [eslint.configs.recommended, ...tseslint.configs.recommended],\n    files: ['**/*.{ts,tsx}'],\n  },\n)\n`,
  },
  'config imported by name from typescript-eslint': {
    file: 'eslint.config.mjs',
    text: `import { config, configs } from 'typescript-eslint';\n\nexport default config(configs.base);\n`,
  },
  FlatCompat: {
    file: 'eslint.config.mjs',
    text: `import { dirname } from "path";\nimport { fileURLToPath } from "url";\nimport { FlatCompat } from "@eslint/eslintrc";\n${ts.replaceAll("'", '"')}\nconst compat = new FlatCompat({\n  baseDirectory: dirname(fileURLToPath(import.meta.url)),\n});\n\nconst eslintConfig = [\n  ...compat.config({ rules: {} }),\n  tseslint.configs.base,\n];\n\nexport default eslintConfig;\n`,
  },
  'an array of FlatCompat alone': {
    file: 'eslint.config.mjs',
    text: `import { FlatCompat } from '@eslint/eslintrc';\nconst compat = new FlatCompat({ baseDirectory: import.meta.dirname });\nexport default compat.config({ rules: {}, overrides: [{ files: ['**/*.ts'], parser: '@typescript-eslint/parser' }] });\n`,
  },
  'CommonJS with an array': {
    file: 'eslint.config.cjs',
    text: `'use strict'\n\nconst js = require('@eslint/js')\nconst globals = require('globals')\n\nmodule.exports = [\n  js.configs.recommended,\n  { languageOptions: { globals: globals.node } },\n]\n`,
  },
  'CommonJS without imports': { file: 'eslint.config.cjs', text: `'use strict';\nmodule.exports = [];\n` },
  'CommonJS with defineConfig': {
    file: 'eslint.config.cjs',
    text: `const { defineConfig } = require("eslint/config");\nconst tseslint = require("typescript-eslint");\n\nmodule.exports = defineConfig([tseslint.configs.base]);\n`,
  },
  'CommonJS with a promise': {
    file: 'eslint.config.cjs',
    text: `module.exports = (async () => {\n  const { default: tseslint } = await import('typescript-eslint');\n  const load = require('./load.cjs');\n  return load(tseslint);\n})();\n`,
    with: { 'load.cjs': `module.exports = (tseslint) => [tseslint.configs.base];\n` },
  },
  'a composer function': {
    file: 'eslint.config.mjs',
    text: `import compose from './composer.mjs';\n\nexport default compose({ typescript: true }).append({ rules: {} });\n`,
    with: {
      'composer.mjs': `import tseslint from 'typescript-eslint';\nclass Composer extends Promise {\n  append(item) {\n    return Composer.resolve(this.then((items) => [...items, item]));\n  }\n}\nexport default () => Composer.resolve([tseslint.configs.base]);\n`,
    },
  },
  'an imported configuration': {
    file: 'eslint.config.mjs',
    text: `import base from './base.mjs';\n\nexport default base;\n`,
    with: { 'base.mjs': `import tseslint from 'typescript-eslint';\nexport default [tseslint.configs.base];\n` },
  },
  'spread arrays': {
    file: 'eslint.config.mjs',
    text: `${ts}const a = [tseslint.configs.base];\nconst b = [];\nexport default [...a, ...b];\n`,
  },
  'a constant that is exported later': {
    file: 'eslint.config.mjs',
    text: `${ts}\nconst config = tseslint.config(\n  tseslint.configs.base,\n  {\n    rules: {},\n  },\n);\n\nexport { config as default };\n`,
  },
  'a variable that is assigned again': {
    file: 'eslint.config.mjs',
    text: `${ts}let config = [];\nif (process.version !== '') config = [tseslint.configs.base];\nexport default config;\n`,
  },
  'a condition': {
    file: 'eslint.config.mjs',
    text: `${ts}const strict = Promise.resolve([tseslint.configs.base]);\nexport default process.env.NEVER_SET ? [] : strict;\n`,
  },
  'names that are taken': {
    file: 'eslint.config.mjs',
    text: `${ts}const clickHouseSsot = tseslint.configs.base;\nexport default [clickHouseSsot];\n`,
  },
  'a license and no import': {
    file: 'eslint.config.mjs',
    text: `#!/usr/bin/env node\n// license\n\n/** @type {object[]} */\nexport default [];\n`,
  },
};
