import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ImportEdges } from '../../../src/model/imports/import-edges.js';
import { parseFile } from '../../../src/model/typescript/parse-file.js';
import { Project } from '../../../src/project/project.js';
import { codeBase } from '../../project/code-base.js';

type Kind = 'none' | 'value' | 'type' | 'name used as a type';
/** The kind of import between each pair of modules, by row. */
type Imports = readonly (readonly Kind[])[];

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

const moduleName = (index: number) => `m${String(index).padStart(2, '0')}`;

function statementFor(kind: Kind, to: number): string {
  const [name, from] = [`v${to}`, `'./${moduleName(to)}.js'`];
  if (kind === 'type') return `import type { ${name} as t${to} } from ${from};\n`;
  if (kind === 'name used as a type') return `import { ${name} as t${to} } from ${from};\nexport type T${to} = typeof t${to};\n`;
  return kind === 'value' ? `import { ${name} } from ${from};\nconsole.log(${name});\n` : '';
}

/** Writes the modules. Returns the search, the modules' paths and the list of the files that it parses. */
function edgesOf(imports: Imports) {
  const texts = imports.map((row, from): [string, string] => [
    `${moduleName(from)}.ts`,
    `${row.map((kind, to) => (to === from ? '' : statementFor(kind, to))).join('')}export const v${from} = 1;\n`,
  ]);
  const root = codeBase(Object.fromEntries(texts));
  roots.push(root);
  const project = new Project(root);
  const files = [...project.sources].sort();
  const parsed: string[] = [];
  const edges = new ImportEdges(files, project, (file) => {
    parsed.push(file);
    const tree = parseFile(file, project.text(file) ?? '');
    if (!tree) throw new Error(`${file} is too deep`);
    return tree;
  });
  return { edges, files, parsed };
}

/** The shortest cycle of imports of values through a module, of several the first by name: found by looking at all cycles. */
function shortestByTrial(imports: Imports, start: number): number[] | undefined {
  const found: number[][] = [];
  const walk = (path: readonly number[]): void => {
    for (const [to, kind] of (imports[path.at(-1) ?? 0] ?? []).entries()) {
      if (kind !== 'value' || to === path.at(-1)) continue;
      if (to === start) found.push([...path]);
      else if (!path.includes(to)) walk([...path, to]);
    }
  };
  walk([start]);
  return found.sort((one, other) => one.length - other.length || one.join().localeCompare(other.join())).at(0);
}

const kinds = fc.constantFrom<Kind>('none', 'none', 'value', 'type', 'name used as a type');
const graphs = fc
  .integer({ min: 2, max: 6 })
  .chain((size) => fc.array(fc.array(kinds, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }));

describe('the shortest import cycle through a module', () => {
  it('is the one that parsing all modules would find', () => {
    fc.assert(
      fc.property(graphs, (imports) => {
        const { edges, files } = edgesOf(imports);
        for (const [start, file] of files.entries()) {
          const cycle = edges.shortestCycleThrough(file);
          expect(cycle?.map(({ from }) => files.indexOf(from))).toEqual(shortestByTrial(imports, start));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is found without parsing the modules beside it', () => {
    const ring = Array.from({ length: 40 }, (_, from) =>
      Array.from({ length: 40 }, (_, to): Kind => (to === (from + 1) % 40 ? 'value' : 'none')),
    );
    const imports = ring.map((row, from) =>
      row.map((kind, to): Kind => ((from === 3 && to === 4) || (from === 4 && to === 3) ? 'value' : kind)),
    );
    const { edges, files, parsed } = edgesOf(imports);
    expect(edges.shortestCycleThrough(files[3] ?? '')?.map(({ from }) => files.indexOf(from))).toEqual([3, 4]);
    expect([...new Set(parsed)].map((file) => files.indexOf(file)).sort()).toEqual([3, 4]);
  });

  it('is found among many modules that import one another for types alone', () => {
    const size = 90;
    const imports = Array.from({ length: size }, (_, from) =>
      Array.from({ length: size }, (_, to): Kind =>
        to === (from + 1) % size ? 'value' : from > 0 && to === 0 ? 'type' : from === 0 ? 'type' : 'none',
      ),
    );
    const { edges, files } = edgesOf(imports);
    expect(edges.shortestCycleThrough(files[0] ?? '')).toHaveLength(size);
  });
});
