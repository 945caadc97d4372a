import { describe, expect, it } from 'vitest';
import { specifiersOf } from '../../src/project/scan-specifiers.js';

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

  it.each(['import<'.repeat(20_000), 'import<a('.repeat(20_000), 'from /*'.repeat(2_000), `from ${'/* */ '.repeat(20_000)}`])(
    'are found in linear time: %.20s',
    (text) => {
      expect(specifiersOf(text)).toEqual(new Set());
    },
  );
});
