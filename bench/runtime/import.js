// Measures the import of the core in this new process, after the official client is loaded.
const started = performance.now();
await import('@clickhouse/client');
const between = performance.now();
await import('../../runtime/dist/index.js');
console.log(JSON.stringify({ client: between - started, core: performance.now() - between }));
