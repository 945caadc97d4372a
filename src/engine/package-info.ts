/**
 * Name and version of this package, for the plugin and the command line. A copy of those in `package.json`, checked by a test: a bundle
 * cannot read that file.
 */
export const manifest = { name: 'eslint-plugin-clickhouse-ssot', version: '0.1.0' };
