import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import clickHouseSsot, { configs } from '../../src/plugin.js';

// Never run: that the type checker takes these is what users with a typed configuration need.
export const byEslint = defineConfig([configs.recommended, configs.strict, { plugins: { 'clickhouse-ssot': clickHouseSsot } }]);
export const byTypeScriptEslint = tseslint.config(configs.strict);
