import { describe, expect, it } from 'vitest';
import { computedSpecifiersIn } from '../../src/project/computed-specifiers.js';

const specifiersIn = (text: string) => computedSpecifiersIn('/app/src/b.ts', text).map(({ specifiers }) => specifiers);

describe('an import by an expression', () => {
  it.each([
    ['a constant', `const id = './a';\nimport(id);`, './a'],
    ['a typed constant', `const id: string = './a';\nimport(id as string);`, './a'],
    ['a constant of a constant', `const x = './a';\nconst id = x;\nrequire(id);`, './a'],
    ['a template', 'const name = `a`;\nimport(`./${name}`);', './a'],
    ['a sum', `const folder = './';\nrequire(folder + 'a');`, './a'],
    ['a sum of literals', `import('./' + 'a');`, './a'],
    ['an enum', `enum Id { A = './a', B = './b' }\nimport(Id.A);`, './a'],
    ['an object', `const ids = { a: './a', b: './b' } as const;\nimport(ids.a);`, './a'],
    ['a static field', `class Ids {\n  static readonly a = './a';\n}\nimport(Ids.a);`, './a'],
    ['a key', `const ids: Record<string, string> = { a: './a' };\nimport(ids['a']);`, './a'],
    ['the folder of the file', `require(__dirname + '/a');`, '/app/src/a'],
    ['path.join', `require(path.join(__dirname, '..', 'a'));`, '/app/a'],
    ['path.resolve', `require(path.resolve(__dirname, 'a'));`, '/app/src/a'],
    ['a URL', `import(new URL('./a.ts', import.meta.url).href);`, '/app/src/a.ts'],
    ['a URL as text', `const url = new URL('./a.ts', import.meta.url);\nimport(String(url));`, '/app/src/a.ts'],
    ['import.meta.resolve', `import(import.meta.resolve('./a.ts'));`, '/app/src/a.ts'],
    ['require.resolve', `require(require.resolve('./a'));`, '/app/src/a'],
    ['createRequire', `const id = './a';\ncreateRequire(import.meta.url)(id);`, './a'],
    ['a created require', `const load = createRequire(import.meta.url);\nconst id = './a';\nload(id);`, './a'],
    ['another name of require', `const load = require;\nconst id = './a';\nload(id);`, './a'],
    ['a comment before it', `const id = './a';\nimport(/* lazy */ id);`, './a'],
    ['a test runner', `const id = './a';\nvi.importActual(id);`, './a'],
  ])('is read: %s', (_, text, specifier) => {
    expect(specifiersIn(text)).toContainEqual([specifier]);
  });

  it('means each of several values', () => {
    expect(specifiersIn(`import(flag ? './a' : './b');`)).toEqual([['./a', './b']]);
  });

  it.each([
    `import(id);`,
    'import(`./${id}`);',
    `require(path.join(process.cwd(), 'a'));`,
    `function load(id: string) { return import(id); }`,
  ])('is listed without a value if it is not known: %j', (text) => {
    expect(specifiersIn(text)).toEqual([[]]);
  });

  it.each([
    `import a from './a';`,
    `import('./a');`,
    `require("./a");`,
    'import(`./a`);',
    `import('./a', { with: { type: 'json' } });`,
    `load(id);`,
  ])('is not one with a string alone: %j', (text) => {
    expect(specifiersIn(text)).toEqual([]);
  });
});
