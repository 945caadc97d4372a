/**
 * Name and version of this package, for the plugin and the command line. A copy of those in `package.json`, because a bundle cannot read
 * that file. Generated: run `npm run generate`.
 */
export const manifest = { name: 'eslint-plugin-clickhouse-ssot', version: '0.1.0' };
