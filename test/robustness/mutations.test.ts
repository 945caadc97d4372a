import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { ProjectAnalysis } from '../../src/engine/project-analysis.js';
import { readSettings } from '../../src/settings/load-settings.js';
import { randomNumbers, sourcesIn } from '../engine/random-edits.js';
import { fixture, fixturesIn } from '../places.js';

const mutationsPerFixture = process.env['CI'] ? 400 : 60;
const token = /\w+|[^\s\w]|\s+/g;

/** Returns half-typed code: tokens are deleted, duplicated or swapped, or the text ends at one. */
function mutate(text: string, random: () => number): string {
  const tokens = text.match(token) ?? [];
  const at = Math.floor(random() * tokens.length);
  const other = Math.floor(random() * tokens.length);
  const kind = Math.floor(random() * 4);
  if (kind === 0) tokens.splice(at, 1 + Math.floor(random() * 3));
  else if (kind === 1) tokens.splice(at, 0, ...tokens.slice(other, other + 5));
  else if (kind === 2) [tokens[at], tokens[other]] = [tokens[other] ?? '', tokens[at] ?? ''];
  else tokens.length = at;
  return tokens.join('');
}

describe('no rule throws on half-typed code', () => {
  it.each([...fixturesIn('recursion'), 'construction-forms', 'incident-before', 'incident-after', 'rule-tester', 'negative-control'])(
    'made of %s',
    (name) => {
      const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-mutations-'));
      cpSync(fixture(name), root, { recursive: true });
      const settings = readSettings(root);
      if (!settings.ok) throw new Error('the fixture has invalid settings');
      const random = randomNumbers(name.length * 104729);
      const analysis = new ProjectAnalysis(root, settings.settings);
      const files = sourcesIn(root);
      for (let mutation = 0; mutation < mutationsPerFixture; mutation++) {
        const file = files[Math.floor(random() * files.length)] ?? '';
        const mutated = mutate(readFileSync(file, 'utf8'), random);
        analysis.open(file, mutated);
        for (const rule of Object.values(rules)) expect(() => analysis.findingsIn(file, rule), mutated).not.toThrow();
      }
    },
  );
});

describe('no rule throws on', () => {
  const client = `import { createClient } from '@clickhouse/client';`;
  const deep = (open: string, close: string) => `${client} export const deep = ${open.repeat(1_000)}createClient${close.repeat(1_000)};`;
  const texts: Record<string, string> = {
    'a thousand nested calls': deep('f(', ')'),
    'a thousand nested arrays': deep('[', ']'),
    'a thousand nested functions': deep('() => (', ')'),
    'a thousand chained members': `${client} export const chain = createClient()${'.then()'.repeat(1_000)};`,
    'a sum of ten thousand terms': `${client} export const sum = ${'1 +\n'.repeat(10_000)}1;`,
    'fifty thousand lines': `${client}\n${'export const value = { a: 1 };\n'.repeat(50_000).replace(/value/g, () => `v${Math.random().toString(36).slice(2)}`)}`,
    'a module that re-exports itself': `${client} export * from './file.js'; export { a as b, b as a } from './file.js'; export const c = createClient;`,
    'a class that extends itself': `${client} export class A extends A { m() { return super.m(); } } new A(); createClient();`,
    'an object that spreads itself': `${client} const o = { ...o, createClient }; o.createClient();`,
    'bytes that are not text': `${client}\u0000\uFFFD\uD800 createClient();`,
  };

  it.each(Object.keys(texts))('%s', (name) => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-text-'));
    const settings = readSettings(root);
    if (!settings.ok) throw new Error('there are no settings');
    const analysis = new ProjectAnalysis(root, settings.settings);
    analysis.open(join(root, 'file.ts'), texts[name] ?? '');
    for (const rule of Object.values(rules)) expect(() => analysis.check(rule)).not.toThrow();
  });
});
