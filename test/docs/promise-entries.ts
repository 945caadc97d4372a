import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { repository } from '../places.js';
import type { Unit } from './runtime-readme.js';

/** A promise below a heading, or all rows of the tables below it, with the tests that fail if it is broken. */
export type PromiseEntry =
  | { readonly heading: string; readonly promise: string; readonly tests: readonly string[] }
  | { readonly heading: string; readonly rows: 'all'; readonly tests: readonly string[] }
  | { readonly heading: string; readonly promise: string; readonly untested: string };

/** Whether an entry is about this unit of the README. */
export function covers(entry: PromiseEntry, { kind, heading, text }: Unit): boolean {
  if (entry.heading !== heading || kind === 'heading') return false;
  return 'rows' in entry ? kind === 'row' : text.includes(entry.promise);
}

const titles = new Map<string, readonly string[]>();

/** Returns the titles of the tests and suites in a file. */
function titlesIn(file: string): readonly string[] {
  const known = titles.get(file);
  if (known) return known;
  const found: string[] = [];
  const path = join(repository, file);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:it|test|describe)\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) found.push(title.getText().slice(1, -1));
    }
    ts.forEachChild(node, visit);
  };
  if (existsSync(path)) visit(ts.createSourceFile(file, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, true));
  titles.set(file, found);
  return found;
}

/** Whether `test/a.test.ts > part of a title` names a test that exists. */
export function testExists(reference: string): boolean {
  const [file = '', title = ''] = reference.split(/ > (.*)/s);
  return title !== '' && titlesIn(file).some((found) => found.replaceAll("\\'", "'").includes(title));
}
