import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import clickHouseSsot from './dist/src/plugin.js';

export default defineConfig(
  { ignores: ['**/dist/**', 'fixtures/**'] },
  { ...clickHouseSsot.configs.strict, files: ['**/*.{ts,js}'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Express has its types in a global namespace, which an adapter extends.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      // What is used is disposed of at the end of its block, and that is use enough.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreUsingDeclarations: true }],
      // Doubles and interfaces are asynchronous where nothing is awaited.
      '@typescript-eslint/require-await': 'off',
    },
  },
  // A dynamic module of NestJS is a class with static methods.
  { files: ['runtime/src/nestjs/module.ts'], rules: { '@typescript-eslint/no-extraneous-class': ['error', { allowStaticOnly: true }] } },
  // What programs print is parsed and then compared: no types are lost there.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
);
