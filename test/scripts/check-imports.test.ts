import { describe, expect, it } from 'vitest';
import { checkImports } from '../../scripts/check-imports.js';
import { folderOrders } from '../../scripts/folder-order.js';
import { buildImportGraph, drawMermaid, folderOf, groupImports, readImportGraph, reduceTransitively } from '../../scripts/import-graph.js';

const order = [[['low'], ['middle', 'beside'], ['high']]];

function check(files: Readonly<Record<string, string>>): string[] {
  return checkImports(buildImportGraph(new Map(Object.entries(files))), order);
}

describe('checkImports', () => {
  it('finds nothing in this repository', () => {
    expect(checkImports()).toEqual([]);
  });

  it('has a layer for existing folders only', () => {
    const folders = new Set(readImportGraph().files.map(folderOf));
    expect(folderOrders.flat(2).filter((folder) => !folders.has(folder))).toEqual([]);
  });

  it('accepts imports of the own folder and of lower layers', () => {
    expect(
      check({
        'low/a.ts': `import { b } from './b.js'; import 'node:fs'; import ts from 'typescript';`,
        'low/b.ts': `// import '../high/c.js'\nexport const b = "import '../high/c.js'";`,
        'high/c.ts': `export * from '../low/a.js'; import type { B } from '../middle/d.js';`,
        'middle/d.ts': '',
      }),
    ).toEqual([]);
  });

  it('finds a file cycle, with the line of each import', () => {
    expect(
      check({
        'low/a.ts': `\nimport { b } from './b.js';`,
        'low/b.ts': `export * from './c.js';`,
        'low/c.ts': `import { a } from './a.js';`,
      }),
    ).toEqual([
      [
        'File cycle: low/a.ts -> low/b.ts -> low/c.ts -> low/a.ts',
        '  low/a.ts:2 imports low/b.ts',
        '  low/b.ts:1 imports low/c.ts',
        '  low/c.ts:1 imports low/a.ts',
        '  Expected no cycle; imports of types and import() count. Move what the files share to a file of its own, or pass it as an argument.',
      ].join('\n'),
    ]);
  });

  it('finds the shortest cycle of files that are tangled', () => {
    const [problem, ...others] = check({
      'low/a.ts': `import './b.js';`,
      'low/b.ts': `import './c.js';`,
      'low/c.ts': `import './b.js'; import './a.js';`,
    });
    expect(others).toEqual([]);
    expect(problem).toContain('File cycle: low/b.ts -> low/c.ts -> low/b.ts\n');
  });

  it.each([
    ['import type', `import type { B } from './b.js';`, '(types only)'],
    ['a type among named imports', `import { type B, type C } from './b.js';`, '(types only)'],
    ['export type', `export type { B } from './b.js';`, '(types only)'],
    ['an import type', `export const b: import('./b.js').B = 1;`, '(types only)'],
    ['typeof import', `export const b = 1 as unknown as typeof import('./b.js');`, '(types only)'],
    ['import()', `export const load = () => import('./b.js');`, '(import())'],
  ])('finds a cycle that %s closes', (_, text, kind) => {
    const [problem] = check({ 'low/a.ts': text, 'low/b.ts': `import type { A } from './a.js';` });
    expect(problem).toContain(`  low/a.ts:1 imports low/b.ts ${kind}\n  low/b.ts:1 imports low/a.ts (types only)`);
  });

  it('finds a folder cycle without a file cycle', () => {
    const problems = check({
      'middle/a.ts': `import '../beside/b.js';`,
      'beside/b.ts': '',
      'beside/c.ts': `import '../middle/d.js';`,
      'middle/d.ts': '',
    });
    expect(problems[0]).toBe(
      [
        'Folder cycle: beside -> middle -> beside',
        '  beside/c.ts:1 imports middle/d.ts',
        '  middle/a.ts:1 imports beside/b.ts',
        '  Expected no cycle. Move the imported code to the lower folder, or pass it as an argument.',
      ].join('\n'),
    );
    expect(problems.filter((problem) => problem.startsWith('File cycle'))).toEqual([]);
  });

  it.each([
    ['of a higher layer', 'low', '../high/b.js', 'high'],
    ['of the same layer', 'middle', '../beside/b.js', 'beside'],
    ['outside the order', 'high', '../test/b.js', 'test'],
  ])('finds an import of a folder %s', (_, from, specifier, to) => {
    const problems = check({ [`${from}/a.ts`]: `import '${specifier}';`, 'high/b.ts': '', 'beside/b.ts': '' });
    expect(problems).toEqual([
      expect.stringMatching(
        `^Wrong arrow: ${from} -> ${to}\n  ${from}/a.ts:1 imports ${to}/b.ts\n  Expected ${from} to import only itself`,
      ),
    ]);
  });

  it('finds an import of another package', () => {
    const graph = buildImportGraph(new Map([['high/a.ts', `import '../other/b.js';`]]));
    expect(checkImports(graph, [...order, [['other']]])).toEqual([expect.stringContaining('Wrong arrow: high -> other')]);
  });

  it('finds a folder that has no layer', () => {
    expect(check({ 'new/a.ts': '' })).toEqual([expect.stringContaining('Folder without a layer: new')]);
  });
});

describe('drawMermaid', () => {
  it('draws no arrow that a longer path implies', () => {
    const graph = buildImportGraph(
      new Map([
        ['high/a.ts', `import '../middle/b.js'; import '../low/c.js';`],
        ['middle/b.ts', `import '../low/c.js';`],
        ['low/c.ts', ''],
      ]),
    );
    const folders = reduceTransitively(groupImports(graph, (file) => file.replace(/\/.*/, '')));
    expect(drawMermaid(folders)).toBe(
      [
        '```mermaid',
        'flowchart TD',
        '  high["high"]',
        '  low["low"]',
        '  middle["middle"]',
        '  high --> middle',
        '  middle --> low',
        '```',
      ].join('\n'),
    );
  });
});
