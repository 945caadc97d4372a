import { defineConfig } from 'eslint/config';
import clickHouseSsot, { configs } from '../../src/plugin.js';

// Never run. The type checker must accept it, as it must accept the typed configuration of a user.
export const config = defineConfig([configs.recommended, configs.strict, { plugins: { 'clickhouse-ssot': clickHouseSsot } }]);
