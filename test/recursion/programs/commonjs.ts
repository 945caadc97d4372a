import type { Pair } from './pair.js';

const create = `const { createClient } = require('@clickhouse/client');\n`;
const body = `{
  if (options.direct) return createClient({ url: 'http://localhost:8123' });
  return require('./manager').getPool();
}`;
const manager = `exports.getPool = () => require('./client').getClient({ direct: «false→true» });\n`;

/** How a module exports `getClient`. */
const exportForms: readonly (readonly [name: string, text: string])[] = [
  ['exports.name = function', `exports.getClient = function (options = {}) ${body};`],
  ['exports.name = arrow', `exports.getClient = (options = {}) => ${body};`],
  ['module.exports.name =', `module.exports.getClient = function (options = {}) ${body};`],
  ['module.exports = { method }', `module.exports = { getClient(options = {}) ${body} };`],
  ['module.exports = { ...spread }', `const api = { getClient(options = {}) ${body} };\nmodule.exports = { ...api };`],
  ['module.exports = Object.freeze', `module.exports = Object.freeze({ getClient(options = {}) ${body} });`],
  ['api = module.exports = {}', `const api = module.exports = {};\napi.getClient = function (options = {}) ${body};`],
  ['class with a static method', `module.exports = class Clients { static getClient(options = {}) ${body} };`],
  ['an instance', `class Clients { getClient(options = {}) ${body} }\nmodule.exports = new Clients();`],
  ['Object.assign', `Object.assign(exports, { getClient(options = {}) ${body} });`],
  ['defineProperty with a value', `Object.defineProperty(exports, 'getClient', { value: function (options = {}) ${body} });`],
  ['defineProperty with a method', `Object.defineProperty(module.exports, 'getClient', { value(options = {}) ${body} });`],
  [
    'defineProperty with a getter',
    `function getClient(options = {}) ${body}\nObject.defineProperty(exports, 'getClient', { get: function () { return getClient; } });`,
  ],
  ['defineProperties', `Object.defineProperties(exports, { getClient: { value: function (options = {}) ${body} } });`],
  ['a function that gets exports', `(function (target) { target.getClient = function (options = {}) ${body}; })(exports);`],
];

/** How a function requires `getPool` when it runs. */
const requireForms: readonly (readonly [name: string, text: string, path?: readonly string[]])[] = [
  ['destructured', `const { getPool } = require('./manager');\n  return getPool();`],
  ['renamed', `const { getPool: pool } = require('./manager');\n  return pool();`],
  ['as a member', `const pool = require('./manager').getPool;\n  return pool();`],
  ['by createRequire', `return require('node:module').createRequire(__filename)('./manager').getPool();`],
  [
    'by a dynamic import',
    `return import('./manager.js').then((manager) => manager.getPool());`,
    ['getClient', 'callback in getClient', 'getPool'],
  ],
  [
    'by a dynamic import, destructured',
    `return import('./manager.js').then(({ getPool }) => getPool());`,
    ['getClient', 'callback in getClient', 'getPool'],
  ],
];

const accessorOf = (later: string) =>
  `${create}exports.getClient = function (options = {}) {\n  if (options.direct) return createClient({ url: 'http://localhost:8123' });\n  ${later}\n};\n`;

/** Modules of CommonJS: how they export, and how they require each other while a function runs. */
export const commonJs: readonly Pair[] = [
  ...exportForms.map(([name, text]): Pair => ({
    name,
    why: 'the manager requests a client past itself',
    path: ['(?:Clients\\.|class\\.)?getClient', 'getPool'],
    files: { 'client.js': `${create}${text}\n`, 'manager.js': manager },
  })),
  ...requireForms.map(([name, later, path = ['getClient', 'getPool']]): Pair => ({
    name: `a late require ${name}`,
    why: 'the manager requests a client past itself',
    path,
    files: { 'client.js': accessorOf(later), 'manager.js': manager },
  })),
  {
    name: 'an accessor behind a dynamic import',
    why: 'the callback passes the flag',
    path: ['getClient', 'getPool', 'callback in getPool'],
    files: {
      'client.js': accessorOf(`return require('./manager').getPool();`),
      'manager.js': `exports.getPool = () => import('./client.js').then((client) => client.getClient({ direct: «false→true» }));\n`,
    },
  },
  {
    name: 'module.exports = function',
    why: 'the manager requests a client past itself',
    path: ['openClient', 'openPool'],
    files: {
      'client.js': `${create}module.exports = function openClient(options = {}) {\n  if (options.direct) return createClient({ url: 'http://localhost:8123' });\n  return require('./manager')();\n};\n`,
      'manager.js': `module.exports = function openPool() { return require('./client')({ direct: «false→true» }); };\n`,
    },
  },
  {
    name: 'require in TypeScript of export =',
    why: 'the manager requests a client past itself',
    path: ['openClient', 'openPool'],
    files: {
      'client.ts': `import { createClient } from '@clickhouse/client';\nfunction openClient(options: { direct?: boolean } = {}) {\n  if (options.direct) return createClient({ url: 'http://localhost:8123' });\n  return require('./manager')();\n}\nexport = openClient;\n`,
      'manager.ts': `function openPool() { return require('./client')({ direct: «false→true» }); }\nexport = openPool;\n`,
    },
  },
  ...exportForms.map(([name, text]): Pair => ({
    name: `${name}, without a flag that names a bypass`,
    why: 'the manager gives the address',
    path: ['(?:Clients\\.|class\\.)?getClient', 'getPool'],
    files: {
      'client.js': `${create}${text.replace('options.direct', 'options.url')}\n`,
      'manager.js': `exports.getPool = () => require('./client').getClient(«→{ url: 'http://localhost:8123' }»);\n`,
    },
  })),
  {
    name: 'an accessor of the settings',
    why: 'the manager requests a client past itself',
    path: ['getClient', 'getPool'],
    settings: { accessors: [{ module: 'client.js', name: 'getClient', bypass: 'raw' }] },
    files: {
      'client.js': `${create}Object.defineProperty(exports, 'getClient', { value: (options = {}) => ${body.replace('options.direct', 'options.raw')} });\n`,
      'manager.js': manager.replace('direct', 'raw'),
    },
  },
];
