// Measures the import of the core in this new process, after the official client is loaded. Prints one line of JSON, in milliseconds.
const started = performance.now();
await import('@clickhouse/client');
const clientLoadedAt = performance.now();
await import('../../runtime/dist/index.js');
console.log(JSON.stringify({ client: clientLoadedAt - started, core: performance.now() - clientLoadedAt }));
