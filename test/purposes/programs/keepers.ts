import type { ClientPair } from './client-pair.js';

const options = `{ url: 'http://store:8123' }`;

/** Clients that are kept, closed and loaded in different ways. */
export const keepers: readonly ClientPair[] = [
  {
    name: 'functions of which a library runs one only once',
    repeated: {
      'store.ts': `export const open = () => createClient(${options});`,
      'visits.ts': `import { open } from './store.js';\nclass Visits { private static client = open(); }\nexport const visits = Visits;`,
      'orders.ts': `import { open } from './store.js';\nimport { visits } from './visits.js';\nclass Orders { private static client = open(); }\nexport const all = [Orders, visits];`,
    },
    separate: {
      'store.ts': `import once from 'lodash/once';\nexport const open = once(() => createClient(${options}));`,
      'visits.ts': `import { open } from './store.js';\nclass Visits { private static client = open(); }\nexport const visits = Visits;`,
      'orders.ts': `import { open } from './store.js';\nimport { visits } from './visits.js';\nclass Orders { private static client = open(); }\nexport const all = [Orders, visits];`,
    },
  },
  {
    name: 'a module that only `import()` loads',
    repeated: {
      'visits.ts': `export const visits = createClient(${options});`,
      'report.ts': `export const report = createClient(${options});`,
      'main.ts': `import { visits } from './visits.js';\nimport { report } from './report.js';\nexport const all = [visits, report];`,
    },
    separate: {
      'visits.ts': `export const visits = createClient(${options});`,
      'report.ts': `export const report = createClient(${options});`,
      'main.ts': `export const load = async (kind: string) => (kind === 'visits' ? import('./visits.js') : import('./report.js'));`,
    },
  },
  {
    name: 'a client that the module closes at its end',
    repeated: `export const store = createClient(${options});\nconst moved = createClient(${options});\nexport const stop = () => moved.close();`,
    separate: `export const store = createClient(${options});\nconst moved = createClient(${options});\nawait moved.command({ query: 'OPTIMIZE TABLE t' });\nawait moved.close();`,
  },
  {
    name: 'a client that the main function of the module closes',
    repeated: `export const store = createClient(${options});\nconst moved = createClient(${options});\nasync function run() { await moved.ping(); }\nprocess.on('SIGTERM', () => void moved.close());\nvoid run();`,
    separate: `export const store = createClient(${options});\nconst moved = createClient(${options});\nasync function run() { try { await moved.ping(); } finally { await moved.close(); } }\nvoid run();`,
  },
  {
    name: 'a client that is closed when a promise is settled',
    repeated: `export const store = createClient(${options});\nconst moved = createClient(${options});\nvoid moved.ping().then((answer) => answer.success);`,
    separate: `export const store = createClient(${options});\nconst moved = createClient(${options});\nvoid moved.ping().finally(() => moved.close());`,
  },
  {
    name: 'properties of an object',
    repeated: `const server = ${options};\nexport const clients = { visits: createClient(server), orders: createClient(server) };`,
    separate: `const server = ${options};\nexport const clients = { visits: createClient({ ...server, username: 'v' }), orders: createClient({ ...server, username: 'o' }) };`,
  },
  {
    name: 'a pool that code makes by hand',
    repeated: `const server = ${options};\nexport const first = createClient(server);\nexport const second = createClient(server);`,
    separate: `const server = ${options};\nexport const pool = [createClient(server), createClient(server), createClient(server)];`,
  },
  {
    name: 'a static field',
    repeated: `export const store = createClient(${options});\nexport class Journal { private static readonly client = createClient(${options}); }`,
    separate: `export const store = createClient(${options});\nexport class Journal { private static readonly client = store; }`,
  },
  {
    name: 'a class whose instance a constant gets as an argument',
    repeated: `import { createLogger } from 'logs';\nexport const store = createClient(${options});\nclass Transport { client = createClient(${options}); }\nexport const log = createLogger({ transports: [new Transport()] });`,
    separate: `import { createLogger } from 'logs';\nexport const store = createClient(${options});\nclass Transport { client = createClient(${options}); }\nexport const log = () => createLogger({ transports: [new Transport()] });`,
  },
  {
    name: 'a default export',
    repeated: {
      'store.ts': `export default createClient(${options});`,
      'report.ts': `const report = createClient(${options});\nexport default report;`,
      'main.ts': `import store from './store.js';\nimport report from './report.js';\nexport const all = [store, report];`,
    },
    separate: {
      'store.ts': `export default createClient(${options});`,
      'report.ts': `import store from './store.js';\nexport default store;`,
      'main.ts': `import store from './store.js';\nimport report from './report.js';\nexport const all = [store, report];`,
    },
  },
  {
    name: 'a worker',
    repeated: {
      'store.ts': `export const store = createClient(${options});`,
      'job.ts': `export const job = createClient(${options});`,
      'main.ts': `import { store } from './store.js';\nexport { job } from './job.js';\nexport const all = [store];`,
    },
    separate: {
      'store.ts': `export const store = createClient(${options});`,
      'job.ts': `export const job = createClient(${options});`,
      'main.ts': `import { Worker } from 'node:worker_threads';\nimport { store } from './store.js';\nimport type { job } from './job.js';\nexport type Job = typeof job;\nexport const worker = new Worker(new URL('./job.js', import.meta.url));\nexport const all = [store];`,
    },
  },
];
