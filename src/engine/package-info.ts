/** As in `package.json`; a test holds the two together. Read by nobody from disk, so that a bundle works too. */
export const manifest = { name: 'eslint-plugin-clickhouse-ssot', version: '0.1.0' };
