import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { read } from '../../scripts/generated.js';
import { repository } from '../places.js';

interface Reference {
  readonly page: string;
  /** Path from the root. */
  readonly path: string;
  /** `Class.member` behind the colon, if there is one. */
  readonly symbol: string | undefined;
}

const pages = readdirSync(join(repository, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`);

/** The paths among the code spans of a page: of files, and of folders that start at the root of the repository. */
function referencesOn(page: string, text: string): Reference[] {
  const prose = text.replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => {
    const [, path, symbol] = /^((?:[\w.-]+\/)+[\w.-]+\.(?:[cm]?[jt]s|json|md))(?::([\w#.]+))?$/.exec(span) ?? [];
    if (path !== undefined) return [{ page, path, symbol }];
    const isFolder = /^(?:src|rules|runtime|test|bench|scripts|demo|docs|fixtures)(?:\/[\w.-]+)*\/?$/.test(span);
    return isFolder ? [{ page, path: span, symbol: undefined }] : [];
  });
}

/** Whether a file declares `outer.inner`: a declaration of `inner`, at any depth inside one of `outer`. */
function declares(file: string, text: string, symbol: string): boolean {
  const find = (node: ts.Node, [name, ...inner]: readonly string[]): boolean => {
    if (name === undefined) return true;
    const isFound = declaredName(node) === name;
    if (isFound && inner.length === 0) return true;
    return ts.forEachChild(node, (child) => find(child, isFound ? inner : [name, ...inner])) ?? false;
  };
  return find(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true), symbol.split('.'));
}

function declaredName(node: ts.Node): string | undefined {
  const name: ts.Node | undefined = 'name' in node ? (node as ts.NamedDeclaration).name : undefined;
  const isName = name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteral(name));
  return isName && !ts.isPropertyAccessExpression(node) ? name.text : undefined;
}

function named(found: readonly Reference[]): string[] {
  return found.map(({ page, path, symbol }) => `${page}: ${path}${symbol === undefined ? '' : `:${symbol}`}`);
}

const references = pages.flatMap((page) => referencesOn(page, read(page)));

describe('a file that a page of docs names', () => {
  it('exists', () => {
    expect(references.length).toBeGreaterThan(100);
    expect(named(references.filter(({ path }) => !existsSync(join(repository, path))))).toEqual([]);
  });

  it('declares the symbol behind the colon', () => {
    const missing = references.filter(
      ({ path, symbol }) => symbol !== undefined && existsSync(join(repository, path)) && !declares(path, read(path), symbol),
    );
    expect(named(missing)).toEqual([]);
  });

  it('is found among the code spans', () => {
    const text = 'See `src/a.ts:A.#b`, `test/e2e`, `docs/x.md` and `no-nested-acquire`.\n```ts\n`src/c.ts`\n```\n';
    expect(referencesOn('page', text).map(({ path, symbol }) => [path, symbol])).toEqual([
      ['src/a.ts', 'A.#b'],
      ['test/e2e', undefined],
      ['docs/x.md', undefined],
    ]);
    const source = 'class A { #b() {} }\nfunction c() { a.d(); const e = () => 1; }';
    expect(['A.#b', 'c', 'c.e'].map((symbol) => declares('a.ts', source, symbol))).toEqual([true, true, true]);
    expect(['A.c', 'b', 'd', 'c.A'].map((symbol) => declares('a.ts', source, symbol))).toEqual([false, false, false, false]);
  });
});
