import { defineConfig } from 'eslint/config';
import clickHouseSsot, { configs } from '../../src/plugin.js';

// Never run: that the type checker takes it is what users with a typed configuration need.
export const config = defineConfig([configs.recommended, configs.strict, { plugins: { 'clickhouse-ssot': clickHouseSsot } }]);
