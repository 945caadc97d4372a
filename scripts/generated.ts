import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { Rule } from '../src/rule/rule.js';
import { settingsSchema } from '../src/settings/schema.js';

export const repository = fileURLToPath(new URL('..', import.meta.url));

/** A file, or a part of one, that is made from the rules and the settings schema and never written by hand. */
export interface Generated {
  readonly file: string;
  readonly content: string;
}

/** From the rules as they lie in their folder, not as the index has them: the index may be what is stale. */
export async function generated(): Promise<Generated[]> {
  const all = await Promise.all(ruleFiles().map(loadRule));
  return [
    { file: 'rules/index.ts', content: rulesIndex() },
    { file: 'schema.json', content: settingsJsonSchema() },
    { file: 'README.md', content: replaced('README.md', 'rules', ruleTable(all)) },
    ...all.map((rule) => ({ file: pageOf(rule), content: replaced(pageOf(rule), 'header', pageHeader(rule)) })),
  ];
}

export function read(file: string): string {
  return readFileSync(join(repository, file), 'utf8');
}

export function pageOf({ name }: Rule): string {
  return `docs/rules/${name}.md`;
}

function ruleFiles(): string[] {
  return readdirSync(join(repository, 'rules'))
    .filter((file) => file !== 'index.ts')
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
}

async function loadRule(name: string): Promise<Rule> {
  const module = (await import(pathToFileURL(join(repository, `rules/${name}.ts`)).href)) as { readonly default: Rule };
  return module.default;
}

function rulesIndex(): string {
  const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const imports = ruleFiles().map((name) => `import ${camel(name)} from './${name}.js';`);
  const entries = ruleFiles().map((name) => `  '${name}': ${camel(name)},`);
  return [...imports, '', 'export const rules = {', ...entries, '};', ''].join('\n');
}

function settingsJsonSchema(): string {
  // Checks on text have no word in JSON Schema; the linter and the audit make them.
  const schema = toJsonSchema(settingsSchema(v), { errorMode: 'ignore', typeMode: 'input' });
  return `${JSON.stringify({ ...schema, title: 'Settings of clickhouse-ssot' }, undefined, 2)}\n`;
}

function ruleTable(all: readonly Rule[]): string {
  const rows = all.map(({ name, meta }) => {
    const fix = meta.fixable ? '🔧' : meta.hasSuggestions ? '💡' : '';
    return `| [${name}](docs/rules/${name}.md) | ${meta.docs.description} | ${meta.docs.preset} | ${fix} |`;
  });
  return ['| rule | what it says | preset | fix |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function pageHeader({ name, meta }: Rule): string {
  const fix = meta.fixable
    ? ['', '🔧 `--fix` repairs what it can prove.']
    : meta.hasSuggestions
      ? ['', '💡 Suggests a repair for a person to accept.']
      : [];
  const preset = meta.docs.preset === 'recommended' ? '`recommended` and `strict`' : '`strict`';
  return [`# ${name}`, '', meta.docs.description, '', `From the post-mortem: ${meta.docs.incident} In the presets ${preset}.`, ...fix].join(
    '\n',
  );
}

/** Puts text between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
function replaced(file: string, name: string, text: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const current = existsSync(join(repository, file)) ? read(file) : '';
  if (!current.includes(begin) || !current.includes(end))
    throw new Error(`${file}: found no place for the generated ${name}, expected ${begin} and ${end}. Write both into it.`);
  return current.slice(0, current.indexOf(begin) + begin.length) + `\n${text}\n` + current.slice(current.indexOf(end));
}
