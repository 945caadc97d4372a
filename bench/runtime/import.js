// How long it takes to import the core once the official client is there, in this fresh process.
const started = performance.now();
await import('@clickhouse/client');
const between = performance.now();
await import('../../runtime/dist/index.js');
console.log(JSON.stringify({ client: between - started, core: performance.now() - between }));
