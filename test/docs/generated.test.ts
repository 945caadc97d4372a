import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { generated, read } from '../../scripts/generated.js';
import { manifest } from '../../src/engine/package-info.js';
import { ruleNames } from '../../src/settings/rule-names.js';
import { repository } from '../places.js';

const files = await generated();

describe('the generated files', () => {
  it.each(files)('$file matches the rules and the schema', ({ file, content }) => {
    expect(read(file), `${file} is stale. Repair it with: npm run generate`).toBe(content);
  });
});

describe('every rule', () => {
  const names = readdirSync(join(repository, 'rules')).flatMap((file) => (file === 'index.ts' ? [] : [file.replace(/\.ts$/, '')]));

  it.each(names)('%s is exported and has a page and a test', (name) => {
    const rule = Object.values(rules).find((candidate) => candidate.name === name);
    expect(rule, `rules/${name}.ts must export a rule of that name`).toBeDefined();
    expect(existsSync(join(repository, `docs/rules/${name}.md`)), `docs/rules/${name}.md is missing`).toBe(true);
    expect(existsSync(join(repository, `test/rules/${name}.test.ts`)), `test/rules/${name}.test.ts is missing`).toBe(true);
  });

  it('has one entry in the index, by its name', () => {
    expect(Object.entries(rules).map(([name, rule]) => [name, rule.name])).toEqual(names.sort().map((name) => [name, name]));
  });

  it('can be sanctioned by its name, unless it is about the settings', () => {
    const aboutProgram = Object.values(rules).filter(({ subject }) => subject === 'program');
    expect([...ruleNames].sort()).toEqual(aboutProgram.map(({ name }) => name).sort());
  });

  it.each(Object.values(rules))('$name has no text of the template left', ({ name, meta }) => {
    const texts = [meta.docs.description, ...Object.values(meta.messages), read(`docs/rules/${name}.md`)];
    for (const text of texts)
      expect(text).not.toMatch(
        /Disallow …|Do …|Say in two sentences|Quote each message text|Name the settings of|Say for which code bases|List what the rule|List the rules that/,
      );
  });

  it.each(Object.values(rules))('$name has messages that are sentences', (rule) => {
    for (const message of Object.values(rule.meta.messages)) expect(message).toMatch(/[.}]$/);
  });
});

describe('the schema of the settings', () => {
  it('describes every key, for completion in editors', () => {
    expect(undescribed(JSON.parse(read('schema.json')))).toEqual([]);
  });
});

/** Returns the paths of the properties, at any depth, that have no description. */
function undescribed(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema && typeof schema.properties === 'object' ? Object.entries(schema.properties ?? {}) : [];
  const own = properties.flatMap(([name, property]: [string, object]) => ('description' in property ? [] : [`${path}.${name}`]));
  return [...own, ...Object.entries(schema).flatMap(([key, part]) => undescribed(part, `${path}.${key}`))];
}

it('the manifest of the plugin has the name and version of its package', () => {
  expect(JSON.parse(read('package.json'))).toMatchObject(manifest);
});
