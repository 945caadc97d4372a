import type { ClientPair } from './client-pair.js';

const main = `import { visits } from './visits.js';\nimport { orders } from './orders.js';\nexport const all = [visits, orders];\n`;

/** Returns a program of two modules with a client each, which `main.ts` imports. */
function two(visits: string, orders: string, others: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { 'visits.ts': visits, 'orders.ts': orders, 'main.ts': main, ...others };
}

/** Clients whose options are found in different ways. */
export const configurations: readonly ClientPair[] = [
  {
    name: 'an object that another module exports',
    repeated: two(
      `import { store } from './settings.js';\nexport const visits = createClient(store);`,
      `import { store } from './settings.js';\nexport const orders = createClient({ ...store });`,
      { 'settings.ts': `export const store = { url: 'http://store:8123', database: 'shop' };` },
    ),
    separate: two(
      `import { store } from './settings.js';\nexport const visits = createClient(store);`,
      `import { store } from './settings.js';\nexport const orders = createClient({ ...store, database: 'orders' });`,
      { 'settings.ts': `export const store = { url: 'http://store:8123', database: 'shop' };` },
    ),
  },
  {
    name: 'members of an exported object',
    repeated: two(
      `import { store } from './settings.js';\nexport const visits = createClient({ url: store.server.url, database: store.database });`,
      `import { store } from './settings.js';\nexport const orders = createClient({ database: store.database, url: store.server.url });`,
      { 'settings.ts': `export const store = { server: { url: 'http://store:8123' }, database: 'shop', archive: 'old' };` },
    ),
    separate: two(
      `import { store } from './settings.js';\nexport const visits = createClient({ url: store.server.url, database: store.database });`,
      `import { store } from './settings.js';\nexport const orders = createClient({ database: store.archive, url: store.server.url });`,
      { 'settings.ts': `export const store = { server: { url: 'http://store:8123' }, database: 'shop', archive: 'old' };` },
    ),
  },
  {
    name: 'a validated environment',
    repeated: two(
      `import { env } from './env.js';\nexport const visits = createClient({ url: env.STORE_URL, password: env.STORE_PASSWORD });`,
      `import { env } from './env.js';\nexport const orders = createClient({ url: env.STORE_URL, password: env.STORE_PASSWORD });`,
      {
        'env.ts': `import { z } from 'zod';\nexport const env = z.object({ STORE_URL: z.string(), STORE_PASSWORD: z.string() }).parse(process.env);`,
      },
    ),
    separate: two(
      `import { env } from './env.js';\nexport const visits = createClient({ url: env.STORE_URL, password: env.STORE_PASSWORD });`,
      `import { env } from './env.js';\nexport const orders = createClient({ url: env.AUDIT_URL, password: env.AUDIT_PASSWORD });`,
      {
        'env.ts': `import { z } from 'zod';\nexport const env = z.looseObject({ STORE_URL: z.string(), STORE_PASSWORD: z.string() }).parse(process.env);`,
      },
    ),
  },
  {
    name: 'a namespace of settings, through a barrel',
    repeated: two(
      `import * as settings from './settings/index.js';\nexport const visits = createClient({ url: settings.url });`,
      `import { url } from './settings/url.js';\nexport const orders = createClient({ url });`,
      {
        'settings/index.ts': `export * from './url.js';`,
        'settings/url.ts': `export const url = process.env.STORE ?? 'http://localhost:8123';`,
      },
    ),
    separate: two(
      `import * as settings from './settings/index.js';\nexport const visits = createClient({ url: settings.url });`,
      `import { url } from './settings/url.js';\nexport const orders = createClient({ url: url + '/audit' });`,
      {
        'settings/index.ts': `export * from './url.js';`,
        'settings/url.ts': `export const url = process.env.STORE ?? 'http://localhost:8123';`,
      },
    ),
  },
  {
    name: 'options that a module makes by a call, once',
    repeated: two(
      `import { options } from './options.js';\nexport const visits = createClient(options);`,
      `import { options } from './options.js';\nexport const orders = createClient(options);`,
      { 'options.ts': `import { load } from 'app-config';\nexport const options = load('store');` },
    ),
    separate: two(
      `import { load } from 'app-config';\nexport const visits = createClient(load('store'));`,
      `import { load } from 'app-config';\nexport const orders = createClient(load('store'));`,
    ),
  },
  {
    name: 'variables that a pattern takes of the environment',
    repeated: two(
      `const { STORE_URL, STORE_USER: username = 'default' } = process.env;\nexport const visits = createClient({ url: STORE_URL, username });`,
      `export const orders = createClient({ url: process.env['STORE_URL'], username: process.env.STORE_USER ?? 'default' });`,
    ),
    separate: two(
      `const { STORE_URL, STORE_USER: username = 'default' } = process.env;\nexport const visits = createClient({ url: STORE_URL, username });`,
      `export const orders = createClient({ url: process.env['STORE_URL'], username: process.env.STORE_USER ?? 'reader' });`,
    ),
  },
  {
    name: 'values that pure functions read',
    repeated: two(
      `export const visits = createClient({ url: process.env.STORE_URL?.trim(), max_open_connections: Number(process.env.STORE_SOCKETS) });`,
      `const sockets = Number(process.env.STORE_SOCKETS);\nexport const orders = createClient({ url: process.env.STORE_URL?.trim(), max_open_connections: sockets });`,
    ),
    separate: two(
      `export const visits = createClient({ url: process.env.STORE_URL?.trim(), max_open_connections: Number(process.env.STORE_SOCKETS) });`,
      `const sockets = Number(process.env.ORDER_SOCKETS);\nexport const orders = createClient({ url: process.env.STORE_URL?.trim(), max_open_connections: sockets });`,
    ),
  },
  {
    name: 'an object of which a module changes a member',
    repeated: two(
      `import { store } from './settings.js';\nconsole.log(store);\nexport const visits = createClient(store);`,
      `import { store } from './settings.js';\nexport const orders = createClient(store);`,
      { 'settings.ts': `export const store = { url: 'http://store:8123', database: 'shop' };` },
    ),
    separate: two(
      `import { store } from './settings.js';\nexport const visits = createClient(store);\nstore.database = 'orders';`,
      `import { store } from './settings.js';\nexport const orders = createClient(store);`,
      { 'settings.ts': `export const store = { url: 'http://store:8123', database: 'shop' };` },
    ),
  },
  {
    name: 'CommonJS',
    repeated: {
      'visits.js': `const { createClient } = require('@clickhouse/client');\nconst { store } = require('./settings');\nexports.visits = createClient({ url: store.url });`,
      'orders.js': `const { createClient } = require('@clickhouse/client');\nconst settings = require('./settings');\nmodule.exports = { orders: createClient({ url: settings.store.url }) };`,
      'settings.js': `exports.store = { url: 'http://store:8123' };`,
      'main.js': `exports.all = [require('./visits').visits, require('./orders').orders];`,
    },
    separate: {
      'visits.js': `const { createClient } = require('@clickhouse/client');\nconst { store } = require('./settings');\nexports.visits = createClient({ url: store.url });`,
      'orders.js': `const { createClient } = require('@clickhouse/client');\nconst settings = require('./settings');\nmodule.exports = { orders: createClient({ url: settings.copy.url }) };`,
      'settings.js': `exports.store = { url: 'http://store:8123' };\nexports.copy = { url: 'http://copy:8123' };`,
      'main.js': `exports.all = [require('./visits').visits, require('./orders').orders];`,
    },
  },
];
