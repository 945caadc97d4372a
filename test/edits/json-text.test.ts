import { describe, expect, it } from 'vitest';
import { changeJson, writeJson } from '../../src/edits/json-text.js';

const script = { kind: 'set', path: ['scripts', 'lint'], value: 'run' } as const;

describe('an edit of a JSON file', () => {
  it.each([
    ['an object with keys', '{\n  "scripts": {\n    "a": "b"\n  }\n}\n', '{\n  "scripts": {\n    "a": "b",\n    "lint": "run"\n  }\n}\n'],
    ['an empty object', '{\n\t"scripts": {}\n}\n', '{\n\t"scripts": {\n\t\t"lint": "run"\n\t}\n}\n'],
    ['an object on one line', '{ "scripts": { "a": "b" } }', '{ "scripts": { "a": "b", "lint": "run" } }'],
    ['a missing object', '{\n    "a": 1\n}', '{\n    "a": 1,\n    "scripts": {\n        "lint": "run"\n    }\n}'],
    ['an empty file', '{}\n', '{\n  "scripts": {\n    "lint": "run"\n  }\n}\n'],
    [
      'comments behind the last key',
      '{\n  "scripts": {\n    "a": "b" // why, and how\n    // "c": "d"\n  }\n}',
      '{\n  "scripts": {\n    "a": "b", // why, and how\n    "lint": "run"\n    // "c": "d"\n  }\n}',
    ],
    [
      'a trailing comma',
      '{\n  "scripts": {\n    "a": "b", /* c */ // d\n  },\n}\n',
      '{\n  "scripts": {\n    "a": "b", /* c */ // d\n    "lint": "run",\n  },\n}\n',
    ],
    ['Windows line breaks', '\uFEFF{\r\n  "a": 1\r\n}\r\n', '\uFEFF{\r\n  "a": 1,\r\n  "scripts": {\r\n    "lint": "run"\r\n  }\r\n}\r\n'],
    [
      'a neighbor that a formatter would change',
      '{\n  "a":   [ 1,2 ],   "b":3\n}',
      '{\n  "a":   [ 1,2 ],   "b":3, "scripts": {"lint":"run"}\n}',
    ],
    ['a comment in an empty object', '{\n  "scripts": { // none yet\n  }\n}', '{\n  "scripts": {\n    "lint": "run" // none yet\n  }\n}'],
    ['a text with commas and slashes', '{\n  "b": "x, // y"\n}', '{\n  "b": "x, // y",\n  "scripts": {\n    "lint": "run"\n  }\n}'],
  ])('adds a key to %s, and changes nothing else', (_, before, after) => {
    expect(changeJson(before, [script])).toBe(after);
  });

  it('appends to an array, and creates it if it is missing', () => {
    const change = { kind: 'append', path: ['list'], value: { a: 1 } } as const;
    expect(changeJson('{\n  "list": ["x"]\n}\n', [change])).toBe('{\n  "list": ["x", {"a":1}]\n}\n');
    expect(changeJson('{\n  "list": [\n    "x",\n  ],\n}\n', [change])).toBe(
      '{\n  "list": [\n    "x",\n    {\n      "a": 1\n    },\n  ],\n}\n',
    );
    expect(changeJson('{\n  "b": 1\n}\n', [change])).toBe('{\n  "b": 1,\n  "list": [\n    {\n      "a": 1\n    }\n  ]\n}\n');
  });

  it('puts the schema first', () => {
    const schema = { kind: 'set', path: ['$schema'], value: 's', isFirst: true } as const;
    expect(changeJson('{\n  // first\n  "a": 1\n}\n', [schema])).toBe('{\n  "$schema": "s",\n  // first\n  "a": 1\n}\n');
    expect(changeJson('{ "a": 1 }', [schema])).toBe('{ "$schema": "s", "a": 1 }');
    expect(changeJson('{}', [schema])).toBe('{\n  "$schema": "s"\n}');
  });

  it('replaces an empty array', () => {
    expect(changeJson('{\n  "factories": [], // none\n}', [{ kind: 'set', path: ['factories'], value: ['a.ts'] }])).toBe(
      '{\n  "factories": ["a.ts"], // none\n}',
    );
  });
});

it('writes a new file as Prettier would keep it', () => {
  expect(writeJson({ $schema: 's', factories: ['a.ts', 'b.ts'], sanctioned: [{ path: 'c', rules: ['r'] }], none: [] }, '\t')).toBe(
    '{\n\t"$schema": "s",\n\t"factories": ["a.ts", "b.ts"],\n\t"sanctioned": [\n\t\t{\n\t\t\t"path": "c",\n\t\t\t"rules": ["r"]\n\t\t}\n\t],\n\t"none": []\n}\n',
  );
});
