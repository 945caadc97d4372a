import { describe, expect, it } from 'vitest';
import { findingsOf } from '../recursion/recursions-of.js';
import { type ClientPair, filesOf } from './programs/client-pair.js';
import { configurations } from './programs/configurations.js';
import { keepers } from './programs/keepers.js';
import { publicCode } from './programs/public-code.js';

const groups: Readonly<Record<string, readonly ClientPair[]>> = {
  'by the values of their options': configurations,
  'by what keeps and loads them': keepers,
  'in public code': publicCode,
};
const pairs = Object.values(groups).flat();

function messagesIn(kind: 'repeated' | 'separate'): ReadonlyMap<ClientPair, readonly string[]> {
  const found = findingsOf(
    ['single-client-per-purpose'],
    pairs.map((pair) => ({ ...filesOf(pair[kind]), 'package.json': '{ "name": "program" }' })),
  );
  return new Map(pairs.map((pair, index) => [pair, (found[index] ?? []).map(({ message }) => message)]));
}

const repeated = messagesIn('repeated');
const separate = messagesIn('separate');

describe.each(Object.entries(groups))('two clients are compared %s', (_, group) => {
  describe.each(group)('$name', (pair) => {
    it('is reported if the clients are for one purpose', () => {
      expect(repeated.get(pair)).toHaveLength(1);
    });

    it('is right if they are not', () => {
      expect(separate.get(pair)).toEqual([]);
    });
  });
});

describe('the message says what to do', () => {
  const adviceIn = (modules: Readonly<Record<string, string>>): string | undefined => {
    const [findings = []] = findingsOf(['single-client-per-purpose'], [filesOf(modules)]);
    return /of its own\. (.*), or give/.exec(findings[0]?.message ?? '')?.[1];
  };
  const main = `import './a.js';\nimport './b.js';\n`;
  const client = `createClient({ url: 'http://store:8123' })`;

  it.each([
    ['with a client that is exported', `export const a = ${client};`, 'Import the first client here'],
    ['with one that is not', `const a = ${client};\nexport const ping = () => a.ping();`, 'Export the first client and import it here'],
    [
      'with one of a private field',
      `class A { #client = ${client}; ping() { return this.#client.ping(); } }\nexport const a = new A();`,
      'Make one client in a module of its own and use it in both places',
    ],
  ])('%s', (_, first, advice) => {
    // A field of a class comes after constants: the second client is one too.
    const second = first.includes('class')
      ? first
      : `export const b = ${client};`.replace('export const', first.startsWith('export') ? 'export const' : 'const');
    expect(adviceIn({ 'a.ts': first, 'b.ts': second, 'main.ts': main })).toBe(advice);
  });

  it('with one of the same module', () => {
    expect(adviceIn({ 'a.ts': `const a = ${client};\nexport const b = ${client};\nexport const all = [a];` })).toBe(
      'Use the first client here',
    );
  });

  describe('with the client of the factory, which stays where it is', () => {
    const found = (factory: string) => {
      const modules = { 'analytics.ts': `export const b = ${client};`, 'db/clickhouse.ts': factory };
      const imports = `import './analytics.js';\nimport './db/clickhouse.js';\n`;
      const settings = { 'clickhouse-ssot.config.json': '{ "factories": ["src/db/clickhouse.ts"] }' };
      return findingsOf(['single-client-per-purpose'], [{ ...filesOf({ ...modules, 'main.ts': imports }), ...settings }])[0];
    };

    it.each([
      ['if it is exported', `export const a = ${client};`, 'Import the client of the factory here'],
      ['if it is not', `const a = ${client};\nexport const ping = () => a.ping();`, 'Export the client of the factory and import it here'],
      ['if a field holds it', `class A { client = ${client}; }\nexport const a = new A();`, 'Use the client of the factory here'],
    ])('%s', (_, factory, advice) => {
      const [finding, ...more] = found(factory) ?? [];
      expect(more).toEqual([]);
      expect(finding?.file).toBe('src/analytics.ts');
      expect(finding?.message).toContain('the configuration of the client in src/db/clickhouse.ts:');
      expect(finding?.message).toContain(`${advice}, or give`);
    });
  });
});
