import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ImportEdges } from '../../../src/model/imports/import-edges.js';
import { loadTsMorph } from '../../../src/model/typescript/load-ts-morph.js';
import { Project } from '../../../src/project/project.js';
import { codeBase } from '../../project/code-base.js';

const target = `import { use } from './user.js';
export const enum Level { low = 1, high }
export enum Kind { a, b }
export interface Row { id: number }
export type Rows = Row[];
export class Store { rows: Rows = []; }
export default class Main {}
export const value = use;
`;

/** Imports of the target, each with a use of what it imports. */
const users = [
  `import { Level } from './target.js'; export const use = Level.high;`,
  `import { Level } from './target.js'; export const use = (level: Level) => level;`,
  `import { Level as L, Row } from './target.js'; export const use = (row: Row) => L.low + row.id;`,
  `import { Level, value } from './target.js'; export const use = () => [Level.low, value];`,
  `import { Kind } from './target.js'; export const use = Kind.a;`,
  `import { Kind } from './target.js'; export const use = (kind: Kind) => kind;`,
  `import { Row, Rows } from './target.js'; export const use = (rows: Rows): Row | undefined => rows[0];`,
  `import { Store } from './target.js'; export const use = (store: Store) => store.rows;`,
  `import { Store } from './target.js'; export const use = () => new Store();`,
  `import { type Store } from './target.js'; export const use = (store: Store) => store;`,
  `import type { Store } from './target.js'; export const use = (store: Store) => store;`,
  `import Main from './target.js'; export const use = (main: Main) => main;`,
  `import Main from './target.js'; export const use = Main;`,
  `import * as all from './target.js'; export const use = (store: all.Store) => store;`,
  `import * as all from './target.js'; export const use = () => all.value;`,
  `import './target.js'; export const use = 1;`,
  `export { Store } from './target.js'; export const use = 1;`,
  `export type { Row } from './target.js'; export const use = 1;`,
  `export { Row } from './target.js'; export const use = 1;`,
  `export * from './target.js'; export const use = 1;`,
  `import { Store } from './target.js'; declare const d: any; @d export class A { constructor(readonly store: Store) {} } export const use = A;`,
  `import { Row } from './target.js'; declare const d: any; @d export class A { constructor(readonly row: Row) {} } export const use = A;`,
  `import { Level } from './target.js'; declare const d: any; export class A { @d level?: Level; } export const use = A;`,
];

const optionSets: readonly ts.CompilerOptions[] = [
  {},
  { isolatedModules: true },
  { verbatimModuleSyntax: true },
  { preserveConstEnums: true },
];

/** Whether the compiler keeps an import of the target in what it emits: the whole program at once, or file by file. */
function isEmitted(root: string, user: string, options: ts.CompilerOptions): boolean {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, noLib: true, types: [], ...options };
  if (options.isolatedModules ?? options.verbatimModuleSyntax)
    return ts.transpileModule(user, { compilerOptions }).outputText.includes('./target.js');
  const program = ts.createProgram(
    readdirSync(root)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, file)),
    { ...compilerOptions, moduleResolution: ts.ModuleResolutionKind.Bundler },
  );
  let emitted = '';
  program.emit(program.getSourceFile(join(root, 'user.ts')), (_, text) => (emitted += text));
  return emitted.includes('./target.js');
}

describe('an import counts at run time if the compiler emits it', () => {
  it.each(optionSets.flatMap((options) => users.map((user) => ({ options, user }))))('$options: $user', ({ options, user }) => {
    const root = codeBase({ 'target.ts': target, 'user.ts': user, 'tsconfig.json': { compilerOptions: options } });
    const project = new Project(root);
    const morph = loadTsMorph().ts;
    const parse = (file: string) => morph.createSourceFile(file, project.text(file) ?? '', morph.ScriptTarget.ESNext, true);
    const edges = new ImportEdges([join(root, 'target.ts'), join(root, 'user.ts')], project, parse);
    expect(edges.shortestCycleThrough(join(root, 'user.ts')) !== undefined).toBe(isEmitted(root, user, options));
  });
});
