import { describe, expect, it } from 'vitest';
import { constructionsOf } from '../constructions-of.js';

const client = `import { createClient } from '@clickhouse/client';\n`;
const namespace = `import * as ch from '@clickhouse/client';\n`;
const members = Array.from({ length: 70 }, (_, index) => `m${index}: ${index}`).join(', ');

/** The module that exports a constructor in some form, and the expression by which another module calls it. */
const forms: readonly (readonly [name: string, exporting: string, call: string])[] = [
  ['a namespace export', `export * as ch from '@clickhouse/client';`, 'a.ch.createClient()'],
  ['an exported namespace import', `${namespace}export { ch };`, 'a.ch.createClient()'],
  ['a namespace as default export', `${namespace}export default ch;`, 'a.default.createClient()'],
  ['a constant that holds a namespace', `${namespace}export const x = ch;`, 'a.x.createClient()'],
  ['an object that holds a namespace', `${namespace}export const x = { ch };`, 'a.x.ch.createClient()'],
  ['a function that imports the package', `export const load = () => import('@clickhouse/client');`, '(await a.load()).createClient()'],
  ['a promise of the package', `export const loaded = import('@clickhouse/client');`, '(await a.loaded).createClient()'],
  ['a promise of a constructor', `${client}export const make = Promise.resolve(createClient);`, '(await a.make)()'],
  ['a map', `${client}export const constructors = new Map([['a', createClient]]);`, `a.constructors.get('a')!()`],
  ['an array', `${client}export const constructors = [createClient];`, 'a.constructors[0]!()'],
  ['a record', `${client}export const constructors: Record<string, typeof createClient> = { a: createClient };`, 'a.constructors.a!()'],
  [
    'a partial object',
    `${client}type M = { make: typeof createClient };\nexport const m: Readonly<Partial<M>> = { make: createClient };`,
    'a.m.make!()',
  ],
  ['an object with 71 members', `${client}export const m = { ${members}, make: createClient };`, 'a.m.make()'],
  ['a function type that hides the client', `${client}export const make: (...a: any[]) => unknown = createClient;`, 'a.make()'],
  ['an object of objects', `${client}export const m = { a: { b: { c: createClient } } };`, 'a.m.a.b.c()'],
  ['an object six deep', `${client}export const m = { a: { b: { c: { d: { e: { f: createClient } } } } } };`, 'a.m.a.b.c.d.e.f()'],
  ['six calls', `${client}export const make = () => () => () => () => () => createClient;`, 'a.make()()()()()()'],
  ['a static block', `${client}export class A { static make: any; static { this.make = createClient; } }`, 'a.A.make()'],
  ['a variable that is assigned later', `${client}export let make: any;\nexport function start() { make = createClient; }`, 'a.make()'],
  [
    'a class with a member of type any',
    `${client}class Box { constructor(readonly value: any) {} }\nexport const box = new Box(createClient);`,
    'a.box.value()',
  ],
  [
    'a registry of type any',
    `${client}const all: any = {};\nexport const add = (k: string, v: any) => { all[k] = v; };\nexport const get = (k: string) => all[k];\nadd('a', createClient);`,
    `a.get('a')()`,
  ],
  ['a map of functions', `${client}export const m: Map<string, (...a: any[]) => any> = new Map([['a', createClient]]);`, `a.m.get('a')!()`],
  ['a map that is filled later', `${client}export const m = new Map<string, any>();\nm.set('a', createClient);`, `a.m.get('a')()`],
  ['a record of unknown functions', `${client}export const m: Record<string, (...a: any[]) => unknown> = { a: createClient };`, 'a.m.a!()'],
  ['a member of type Function', `${client}export const m: { make: Function } = { make: createClient };`, 'a.m.make()'],
  ['a member of type unknown', `${client}export const m: { make: unknown } = { make: createClient };`, '(a.m.make as any)()'],
  ['a method of type any', `${client}export class A { get(): any { return createClient; } }`, 'new a.A().get()()'],
  [
    'an interface of the code',
    `${client}interface Own { query(): void }\ninterface F { open(o?: any): Own }\nexport const f: F = { open: createClient as any };`,
    'a.f.open()',
  ],
  [
    'a module under a type of the code',
    `interface Own { createClient(): unknown }\nexport const load = async (): Promise<Own> => (await import('@clickhouse/client')) as unknown as Own;`,
    '(await a.load()).createClient()',
  ],
  [
    'a class behind an interface',
    `${client}interface F { mk(): Function }\nclass I implements F { mk() { return createClient; } }\nexport const f: F = new I();`,
    'a.f.mk()()',
  ],
];

describe('a module that calls an exported constructor', () => {
  it.each(forms)('constructs a client if it comes in %s', (_, exporting, call) => {
    const files = { 'a.ts': exporting, 'b.ts': `import * as a from './a.js';\nexport async function f() {\n  return ${call};\n}\n` };
    expect(constructionsOf(files)).toContain('b.ts:3');
  });

  it.each([`${client}export = createClient;`, `import ch = require('@clickhouse/client');\nexport = ch.createClient;`])(
    'constructs a client if the module is the constructor: %j',
    (exporting) => {
      expect(constructionsOf({ 'a.ts': exporting, 'b.ts': `import make = require('./a');\nmake();\n` })).toContain('b.ts:2');
    },
  );
});

describe('a module that passes another module of the project on', () => {
  const imported = `import * as a from './a.js';\n`;

  it.each([
    ['as an export', `${imported}export { a };`, 'b.a.make()'],
    ['as the default export', `${imported}export default a;`, 'b.default.make()'],
    ['in a constant', `${imported}export const db = a;`, 'b.db.make()'],
    ['in an object', `${imported}export const all = { a };`, 'b.all.a.make()'],
    ['by a spread', `${imported}export const all = { ...a };`, 'b.all.make()'],
    ['in a list', `${imported}export const all = [a];`, 'b.all[0]!.make()'],
    ['in a field of a class', `${imported}export class Registry { db = a; }`, 'new b.Registry().db.make()'],
    ['from a function', `${imported}export function get() { return a; }`, 'b.get().make()'],
    ['as the values of it', `${imported}export const all = Object.values(a);`, 'b.all[0]!()'],
    ['as the rest of it', `${imported}const { ...rest } = a;\nexport { rest };`, 'b.rest.make()'],
    ['when it is asked for', `export const load = () => import('./a.js');`, '(await b.load()).make()'],
    ['as a promise', `export const loaded = import('./a.js');`, '(await b.loaded).make()'],
    ['in a map of loaders', `export const all = new Map([['a', () => import('./a.js')]]);`, `(await b.all.get('a')!()).make()`],
    [
      'in a record of loaders',
      `export const all: Record<string, () => Promise<any>> = { a: () => import('./a.js') };`,
      '(await b.all.a!()).make()',
    ],
  ])('%s gives the constructors of it', (_, passing, call) => {
    const files = {
      'a.ts': `${client}export const make = createClient;\n`,
      'b.ts': `${passing}\n`,
      'c.ts': `import * as b from './b.js';\nexport async function f() {\n  return ${call};\n}\n`,
    };
    expect(constructionsOf(files)).toEqual(['c.ts:3']);
  });
});

describe('a module that exports a constructor under a type that hides it', () => {
  it('passes it on through other modules', () => {
    const files = {
      'a.ts': `${client}export const all: Record<string, any> = { make: createClient };\n`,
      'b.ts': `import { all } from './a.js';\nexport const again: any = all;\n`,
      'c.ts': `import { again } from './b.js';\nagain.make();\n`,
    };
    expect(constructionsOf(files)).toEqual(['c.ts:2']);
  });

  it('makes no file a user that imports something else of it', () => {
    const files = {
      'a.ts': `${client}export const all: Record<string, any> = { make: createClient };\nexport const size: any = 3;\n`,
      'b.ts': `import { size } from './a.js';\nexport const createClient = (x: any) => x;\ncreateClient(size);\n`,
    };
    expect(constructionsOf(files)).toEqual([]);
  });
});

describe('compiled code', () => {
  it.each([
    [`const tslib_1 = require('tslib');\nconst ch = tslib_1.__importStar(require('@clickhouse/client'));\nch.createClient();\n`, 'a.js:3'],
    [
      `var _interopRequireWildcard = require('@babel/runtime/helpers/interopRequireWildcard');\nvar ch = _interopRequireWildcard(require('@clickhouse/client'));\nch.createClient();\n`,
      'a.js:3',
    ],
  ])('constructs a client through the helper of the compiler: %j', (text, place) => {
    expect(constructionsOf({ 'a.js': text })).toContain(place);
  });
});

describe('a CommonJS module that passes exports on', () => {
  const exportStar = `var __createBinding = (this && this.__createBinding) || function (o, m, k) { o[k] = m[k]; };\nvar __exportStar = (this && this.__exportStar) || function (m, exports) { for (var p in m) __createBinding(exports, m, p); };\n`;
  const all = `function _export(target, all) { for (var name in all) Object.defineProperty(target, name, { enumerable: true, get: all[name] }); }\n`;

  it.each([
    ['__exportStar of TypeScript', `${exportStar}__exportStar(require('./a'), exports);`],
    ['tslib', `const tslib_1 = require('tslib');\ntslib_1.__exportStar(require('./a'), exports);`],
    ['__importStar', `const a = __importStar(require('./a'));\nexports.make = a.make;`],
    ['__importDefault', `const a_1 = __importDefault(require('./a'));\nexports.make = a_1.default.make;`],
    ['getters of swc', `${all}_export(exports, { make: function () { return a.make; } });\nconst a = require('./a');`],
    [
      'getters of esbuild',
      `var b_exports = {};\n__export(b_exports, { make: () => a.make });\nmodule.exports = __toCommonJS(b_exports);\nvar a = require('./a');`,
    ],
    [
      'the loop of Babel',
      `var _a = require('./a');\nObject.keys(_a).forEach(function (key) {\n  Object.defineProperty(exports, key, { enumerable: true, get: function () { return _a[key]; } });\n});`,
    ],
    ['defineProperties', `Object.defineProperties(exports, { make: { get: () => require('./a').make } });`],
    ['a loop', `const a = require('./a');\nfor (const key in a) exports[key] = a[key];`],
    ['Object.assign', `Object.assign(exports, require('./a'));`],
    ['a spread', `module.exports = { ...require('./a') };`],
    ['a choice', `module.exports = process.env.OTHER ? require('./other') : require('./a');`],
    ['module.require', `exports.make = module.require('./a').make;`],
    ['a name for require', `const load = require;\nexports.make = load('./a').make;`],
    ['this', `this.make = require('./a').make;`],
    ['a lazy member', `lazy(exports, 'make', () => require('./a').make);`],
    ['two helpers', `Object.assign(exports, require('./star'));`],
  ])('by %s gives its constructors', (_, passing) => {
    const files = {
      'a.js': `exports.make = require('@clickhouse/client').createClient;\n`,
      'star.js': `${exportStar}__exportStar(require('./a'), exports);\n`,
      'b.js': `${passing}\n`,
      'c.js': `const { make } = require('./b');\nmake();\n`,
      'd.mjs': `import { make } from './b.js';\nmake();\n`,
    };
    expect(constructionsOf(files)).toEqual(['c.js:2', 'd.mjs:2']);
  });

  it('gives no other names', () => {
    const files = {
      'a.js': `exports.make = require('@clickhouse/client').createClient;\nexports.size = () => 1;\n`,
      'b.js': `${all}_export(exports, { make: function () { return a.make; }, size: function () { return a.size; } });\nconst a = require('./a');\n`,
      'c.js': `const { size } = require('./b');\nsize();\n`,
    };
    expect(constructionsOf(files)).toEqual([]);
  });
});

describe('a module that is imported by an expression', () => {
  it.each([
    ['a constant', `const id = './a.js';\nexport const load = () => import(id);`, '(await b.load()).make()'],
    ['a path', `import path from 'node:path';\nexport const load = () => require(path.join(__dirname, 'a'));`, 'b.load().make()'],
    ['a URL', `export const load = () => import(new URL('./a.ts', import.meta.url).href);`, '(await b.load()).make()'],
    ['a template', "const name = 'a';\nexport const load = () => import(`./${name}.js`);", '(await b.load()).make()'],
    ['the name of the package', `export const load = () => import('@clickhouse/' + 'client');`, '(await b.load()).createClient()'],
  ])('gives its constructors: %s', (_, importing, call) => {
    const files = {
      'a.ts': `${client}export const make = createClient;\n`,
      'b.ts': `${importing}\n`,
      'c.ts': `import * as b from './b.js';\nexport async function f() {\n  return ${call};\n}\n`,
    };
    expect(constructionsOf(files)).toEqual(['c.ts:3']);
  });
});

describe('the order of declarations', () => {
  const declarations = [
    'class T { make = createClient; }',
    'export const deep = { a: { b: { c: new T() } } };',
    'export const t = new T();',
    'class B { a!: A; }',
    'class A { b = new B(); make = createClient; }',
    'export const first = new A();',
    'export const second: B = first.b;',
  ];
  const orders = [
    [0, 1, 2, 3, 4, 5, 6],
    [0, 2, 1, 4, 3, 5, 6],
    [3, 4, 5, 6, 0, 2, 1],
    [4, 3, 5, 6, 0, 1, 2],
  ];

  it.each(orders.map((order) => [order]))('changes no construction: %j', (order) => {
    const exporting = client + order.map((index) => declarations[index]).join('\n');
    const use = `import { t, second } from './a.js';\nt.make();\nsecond.a.make();\n`;
    expect(constructionsOf({ 'a.ts': exporting, 'b.ts': use })).toEqual(['b.ts:2', 'b.ts:3']);
  });
});

it('a module that only runs statements on an imported client is no provider', () => {
  const files = {
    'a.ts': `${client}export const client = createClient();\n`,
    'b.ts': `import { client } from './a.js';\nexport const rows = () => client.query({ query: 'SELECT 1' });\n`,
    'c.ts': `import { rows } from './b.js';\nexport const all = rows();\n`,
  };
  expect(constructionsOf(files)).toEqual(['a.ts:2']);
});
