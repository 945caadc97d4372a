import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { importTextOf, passesModuleOn, specifiersOf } from '../../src/project/scan-specifiers.js';

describe('the specifiers of a text', () => {
  it.each([
    [`import a from 'x'`, 'x'],
    [`import 'x'`, 'x'],
    [`export * from "x"`, 'x'],
    ['await import(`x`)', 'x'],
    [`import(/* webpackChunkName: "db" */ 'x')`, 'x'],
    [`import(\n  /* a */\n  /* b */\n  'x'\n)`, 'x'],
    [`import(/*\n several lines\n */ 'x')`, 'x'],
    [`import // comment\n  'x'`, 'x'],
    [`import { a } from // comment\n  'x'`, 'x'],
    [`require("it's")`, "it's"],
    [`vi.importActual<Module>('x')`, 'x'],
    [`vi.importActual<typeof import('x')>('x')`, 'x'],
    [`jest.requireActual('x')`, 'x'],
    [`const load = createRequire(import.meta.url); load('x')`, 'x'],
  ])('%j include %j', (text, specifier) => {
    expect([...specifiersOf(text)]).toContain(specifier);
  });

  it.each([
    [`import /* a */ // b\n  'x'`, 'x'],
    [`import a from/* a */'x'`, 'x'],
    [`import defer * as a from 'x'`, 'x'],
    [`import . /* a */ defer('x')`, 'x'],
    [`import.source('x')`, 'x'],
    [`require /* a */ ('x')`, 'x'],
    [`module.require?.('x')`, 'x'],
    [`import(('x'))`, 'x'],
    [`tslib_1.__importStar(require('x'))`, 'x'],
    [`import a = require('x')`, 'x'],
    [`export * as a from 'x' with { type: 'json' }`, 'x'],
    [`vi.importActual<Module<Rows>>( // comment\n 'x')`, 'x'],
    [`import '\\x2e/\\u0061\\u{62}\\'s'`, "./ab's"],
    [`import './it\\\n s'`, './it s'],
    [`import 'x?raw#hash'`, 'x?raw#hash'],
  ])('%j include %j', (text, specifier) => {
    expect([...specifiersOf(text)]).toContain(specifier);
  });

  it.each([
    'import<'.repeat(20_000),
    'import<a('.repeat(20_000),
    'from /*'.repeat(2_000),
    `from ${'/* */ '.repeat(20_000)}`,
    `import${' . '.repeat(20_000)}`,
    `require${'('.repeat(20_000)}`,
  ])('are found in linear time: %.20s', (text) => {
    expect(specifiersOf(text)).toEqual(new Set());
  });

  const gaps = [
    '',
    ' ',
    '\n',
    '\r\n',
    ' /* why */ ',
    '/**/',
    '/* two\nlines */',
    ' // why\n',
    '// why "not"\r\n',
    "/* a */ // b\n /* it's */",
  ];
  const quotes = [`"./x"`, `'./x'`, '`./x`', `"./it's"`, `'./\\x2ex'`];
  /** Each form of import; `_` is a gap, and `$` the quoted specifier. */
  const forms = [
    'import _$_;',
    'import a _from_$_;',
    'import * as a from_$;',
    'import defer * as a _from_$;',
    'import type { A } from_$_with { type: "json" };',
    'import { a, type B }_from_$;',
    'export {}_from_$;',
    'export *_from_$;',
    'export * as a _from_$;',
    'export * as "a b"_from_$;',
    'import a =_require_(_$_);',
    'const a = await import_(_$_);',
    'const a = await import_._defer_(_$_);',
    'const a = await import_(_$_, { with: { type: "json" } });',
    'const a = require_(_$_);',
    'const a = require_?.(_$_);',
    'const a = module._require_(_$_);',
    'const a = __importStar(require_(_$_));',
    'const a = await vi.importActual_(_$_);',
    'const a = await vi.importActual_<Module<string>>_(_$_);',
    'const a = jest.requireActual_(_$_);',
  ];

  it('contain each specifier that the parser finds, for all combinations of form, gap and quote', () => {
    let parsedCount = 0;
    for (const form of forms)
      for (const gap of gaps)
        for (const quoted of quotes) {
          const text = form.replaceAll('_', gap).replace('$', quoted);
          const parsed = importedStrings(text);
          parsedCount += parsed.length;
          for (const specifier of parsed) expect([...specifiersOf(text)], text).toContain(specifier);
        }
    expect(parsedCount).toBeGreaterThan(800);
  });
});

describe('the part of a text that can name what it imports from a module', () => {
  const fromX = (text: string): string => importTextOf(text, (specifier) => specifier === 'x');

  it('is the list in braces', () => {
    expect(fromX(`import { a, type B } from 'x';\nimport { c } from 'y';\nc(d)`)).toBe('{ a, type B } ');
    expect(fromX(`import{a}from'x';export{b}from'x';c()`)).toBe('{a}{b}');
    expect(fromX(`import { a } from 'y';\nimport type {\n  b,\n} from 'x';`)).toContain('b');
  });

  it('is empty for a module that is imported for its effect, or not at all', () => {
    expect(fromX(`import 'x'; a()`)).toBe('');
    expect(fromX(`import { a } from 'y'`)).toBe('');
  });

  it.each([
    `import a from 'x'; a.b()`,
    `import * as a from 'x'; a.b()`,
    `import a, { c } from 'x'; a.b()`,
    `const { b } = require('x')`,
    `const { b } = await import('x')`,
    `export * from 'x'; // b`,
    `import { a, // from "y" import {
      b } from 'x'`,
    `import { a, /* { */ b } from 'x'`,
    `import { 'import {': b } from 'x'`,
    `import { a } from 'x'; const { b } = require('x')`,
  ])('is the whole text if names can be anywhere: %j', (text) => {
    expect(fromX(text)).toContain('b');
  });
});

/** The strings that the parser finds in the places of a specifier. */
function importedStrings(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isExternalModuleReference(node)
          ? node.expression
          : ts.isCallExpression(node) &&
              /^(?:import|\w*\.?require$|\w+\.\w+Actual)/.test(node.expression.getText().replace(/\s|\/\*[^]*?\*\/|\/\/.*/g, ''))
            ? node.arguments[0]
            : undefined;
    if (specifier && ts.isStringLiteralLike(specifier)) found.push(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, true));
  return found;
}

describe('a module is passed on as a whole', () => {
  const isA = (specifier: string) => specifier === './a';

  it.each([
    `import * as a from './a';\nexport { a };`,
    `import * as a from './a';\nexport default a;`,
    `import * as a from './a';\nexport const all = { ...a };`,
    `import * as a from './a';\nexport const b = flag ? a : other;`,
    `import * as a from './a';\nfor (const name in a) a[name]();`,
    `import * as $a from './a';\nexport const all = [$a];`,
    `import a = require('./a');\nexport = a;`,
    `export const load = () => import('./a');`,
    `export const loaded = import(/* lazy */ './a');`,
    `export async function load() {\n  const module = await import('./a');\n  return module;\n}`,
    `module.exports = { ...require('./a') };`,
    `exports.a = require('./a');`,
    `__exportStar(require('./a'), exports);`,
    `const a = require('./a');\nObject.assign(exports, a);`,
  ])('by %j', (text) => {
    expect(passesModuleOn(text, isA)).toBe(true);
  });

  it.each([
    `import * as a from './a';\nexport const b = a.b;`,
    `import * as a from './a';\nexport const b = a?.b;`,
    `import * as b from './b';\nexport { b };`,
    `import { a } from './a';\nexport { a };`,
    `import * as a from './a';\nvi.spyOn(a, 'b');`,
    `import './a';\nexport const b = 1;`,
    `import type { A } from './a';\nexport type B = A;`,
    `const { b } = require('./a');\nexports.b = b;`,
    `exports.b = require('./a').b;`,
    `export const load = async () => (await import('./a')).b;`,
    `export async function load() {\n  const { b } = await import('./a');\n  return b;\n}`,
    `export const before = 1;\nrequire('./a');`,
    `const a = require('./a');\nexports.b = a.b;`,
  ])('not by %j', (text) => {
    expect(passesModuleOn(text, isA)).toBe(false);
  });
});
