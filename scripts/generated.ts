import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { annotationWorkflow } from '../src/init/annotation-workflow.js';
import type { AuditJob } from '../src/init/audit-job.js';
import { gitLabMergeRequestJob } from '../src/init/gitlab-job.js';
import { pullRequestWorkflow } from '../src/init/pull-request-workflow.js';
import type { Rule } from '../src/rule/rule.js';
import { settingsSchema } from '../src/settings/schema.js';
import { auditJsonSchema } from './audit-schema.js';
import { esLibraryModule } from './es-library.js';
import { importDrawings } from './import-graph.js';
import { retiredWords } from './retired-words.js';
import { repository, ruleNamesModule, ruleNamesOnDisk } from './rule-files.js';

/** A file that is generated from the rules and the settings schema, as a whole or in part. */
export interface Generated {
  /** Path from the root of the repository. */
  readonly file: string;
  /** The whole text of the file as it should be. */
  readonly content: string;
}

/** Returns all generated files. It reads the rules from their folder, because the index may be stale. */
export async function generated(): Promise<Generated[]> {
  const all = await Promise.all(ruleNamesOnDisk().map(loadRule));
  return [
    { file: 'src/settings/rule-names.ts', content: ruleNamesModule() },
    { file: 'rules/index.ts', content: rulesIndex() },
    { file: 'src/explain/rule-pages.ts', content: rulePages(all) },
    { file: 'schema.json', content: settingsJsonSchema() },
    { file: 'audit.schema.json', content: auditJsonSchema() },
    { file: 'cli/package.json', content: cliManifest() },
    { file: 'src/engine/package-info.ts', content: packageInfo() },
    { file: 'src/model/typescript/es-library.ts', content: esLibraryModule() },
    { file: 'README.md', content: replaced('README.md', 'rules', ruleTable(all)) },
    { file: 'CONTRIBUTING.md', content: replaced('CONTRIBUTING.md', 'retired-words', retiredWordsTable()) },
    { file: architecturePage, content: withDrawings() },
    { file: ciPage, content: withWorkflows() },
    ...all.map((rule) => ({ file: pageOf(rule), content: replaced(pageOf(rule), 'header', pageHeader(rule)) })),
  ];
}

const architecturePage = 'docs/architecture.md';

/** Returns the text of a file of this repository. */
export function read(file: string): string {
  return readFileSync(join(repository, file), 'utf8');
}

/** Returns the path of a rule's page. */
export function pageOf({ name }: Rule): string {
  return `docs/rules/${name}.md`;
}

async function loadRule(name: string): Promise<Rule> {
  const module = (await import(pathToFileURL(join(repository, `rules/${name}.ts`)).href)) as { readonly default: Rule };
  return module.default;
}

function rulesIndex(): string {
  const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const imports = ruleNamesOnDisk().map((name) => `import ${camel(name)} from './${name}.js';`);
  const entries = ruleNamesOnDisk().map((name) => `  '${name}': ${camel(name)},`);
  return [...imports, '', 'export const rules = {', ...entries, '};', ''].join('\n');
}

/** The pages as text, for `explain`: the command must not need the network, and a bundle cannot read a page. */
function rulePages(all: readonly Rule[]): string {
  const literal = (text: string) => `\`${text.replace(/[\\`]|\$\{/g, '\\$&')}\``;
  return [
    '/** The page of each rule in `docs/rules`, without its header. Generated: run `npm run generate`. */',
    'export const rulePages: Readonly<Record<string, string>> = {',
    ...all.map((rule) => `  '${rule.name}': ${literal(read(pageOf(rule)).split('<!-- end header -->').at(-1)?.trim() ?? '')},`),
    '};',
    '',
  ].join('\n');
}

function settingsJsonSchema(): string {
  // JSON Schema cannot express the checks of strings; the linter and the audit make them.
  const schema = toJsonSchema(settingsSchema(v), { errorMode: 'ignore', typeMode: 'input' });
  return `${JSON.stringify({ ...schema, title: 'Settings of clickhouse-ssot' }, undefined, 2)}\n`;
}

/** The package of the command line has the version and the dependencies of the plugin's package: both contain the same code. */
function cliManifest(): string {
  const { version, engines, dependencies } = JSON.parse(read('package.json')) as Record<string, unknown>;
  return `${JSON.stringify({ ...(JSON.parse(read('cli/package.json')) as object), version, engines, dependencies }, undefined, 2)}\n`;
}

function packageInfo(): string {
  const { name, version } = JSON.parse(read('package.json')) as { readonly name: string; readonly version: string };
  return [
    '/**',
    ' * Name and version of this package, for the plugin and the command line. A copy of those in `package.json`, because a bundle cannot read',
    ' * that file. Generated: run `npm run generate`.',
    ' */',
    `export const manifest = { name: '${name}', version: '${version}' };`,
    '',
  ].join('\n');
}

function ruleTable(all: readonly Rule[]): string {
  const rows = all.map(({ name, meta }) => {
    const fix = meta.fixable ? '🔧' : meta.hasSuggestions ? '💡' : '';
    return `| [${name}](${meta.docs.url}) | ${meta.docs.description} | ${meta.docs.preset} | ${fix} |`;
  });
  return ['| rule | description | preset | fix |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function retiredWordsTable(): string {
  return ['| retired | write |', '| --- | --- |', ...retiredWords.map(({ word, instead }) => `| ${word} | ${instead} |`)].join('\n');
}

/** The architecture page with the folder graphs of the imports. */
function withDrawings(): string {
  return [...importDrawings()].reduce((page, [name, drawing]) => replaced(architecturePage, name, drawing, page), read(architecturePage));
}

const ciPage = 'docs/ci.md';

/** The page about CI with the workflows that `init` writes, for npm and without a script in `package.json`. */
function withWorkflows(): string {
  const job: AuditJob = {
    manager: { agent: 'npm', isPinned: false, install: 'npm ci' },
    audit: (args) => ['npx clickhouse-ssot audit .', ...args].join(' '),
  };
  const texts = {
    'pull-request-workflow': pullRequestWorkflow(job),
    'annotation-workflow': annotationWorkflow(job),
    'gitlab-job': gitLabMergeRequestJob(job),
  };
  return Object.entries(texts).reduce((page, [name, text]) => replaced(ciPage, name, `\n\`\`\`yaml\n${text}\`\`\`\n`, page), read(ciPage));
}

function pageHeader({ name, meta }: Rule): string {
  const presets = meta.docs.preset === 'recommended' ? 'the presets `recommended` and `strict`' : 'the preset `strict`';
  const fix = meta.fixable
    ? '🔧 `--fix` repairs a finding if the repair is proven to be safe.'
    : meta.hasSuggestions
      ? '💡 Editors suggest a repair.'
      : 'No finding of this rule is repaired by `--fix`.';
  return [`# ${name}`, '', meta.docs.description, '', `This rule is in ${presets}. ${fix}`].join('\n');
}

/** Puts text between `<!-- begin NAME -->` and `<!-- end NAME -->`. `current` is the text of the file. */
function replaced(file: string, name: string, text: string, current = existsSync(join(repository, file)) ? read(file) : ''): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  if (!current.includes(begin) || !current.includes(end))
    throw new Error(`${file}: found no place for the generated ${name}, expected ${begin} and ${end}. Add both.`);
  return current.slice(0, current.indexOf(begin) + begin.length) + `\n${text}\n` + current.slice(current.indexOf(end));
}
