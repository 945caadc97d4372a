import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { ProjectAnalysis } from '../../src/engine/project-analysis.js';
import { readSettings } from '../../src/settings/load-settings.js';
import { emptyFolder } from '../cache/code-base.js';

/** The number of modules on the import cycle: too many for the slice. */
const length = 14;

it('a module outside the slice that begins to read the settings of ClickHouse is a connection module from then on', () => {
  const root = emptyFolder();
  const textOf = (index: number): string => `import './${index === length - 1 ? 'client' : `module${index + 1}`}';\n`;
  for (let index = 0; index < length; index++) writeFileSync(join(root, `module${index}.ts`), textOf(index));
  const client = join(root, 'client.ts');
  writeFileSync(client, `import { createClient } from '@clickhouse/client';\nimport './module0';\nexport const client = createClient();\n`);
  const edited = `${textOf(5)}export const url = process.env.CLICKHOUSE_URL;\n`;
  const analyses = new ProjectAnalyses();
  /** The findings in all files, with an unsaved text of one module. */
  const lint = (text: string) =>
    ['client.ts', ...Array.from({ length }, (_, index) => `module${index}.ts`)].flatMap((name) => {
      const linted = { file: join(root, name), cwd: root, text: name === 'module5.ts' ? text : undefined, override: undefined };
      const result = analyses.lint(rules['no-connection-import-cycle'], linted);
      return result.kind === 'findings' ? result.findings : [];
    });
  lint(textOf(5));
  expect(lint(textOf(5))).toEqual([]);
  lint(edited);
  expect(lint(edited)).toHaveLength(1);
  lint(textOf(5));
  expect(lint(textOf(5))).toEqual([]);
});

it('a module outside the slice that becomes a registry of two analysed files is analysed from then on', () => {
  const root = emptyFolder();
  const [bus, client] = [join(root, 'bus.ts'), `import { createClient } from '@clickhouse/client';\nimport { bus } from './bus';\n`];
  writeFileSync(bus, 'export const bus = {};\n');
  for (const name of ['one', 'two']) writeFileSync(join(root, `${name}.ts`), `${client}export const ${name} = [createClient(), bus];\n`);
  const settings = readSettings(root);
  assert(settings.ok);
  const analysis = new ProjectAnalysis(root, settings.settings);
  expect(analysis.model.slice.has(bus)).toBe(false);
  const held = 'const held = new Map();\nexport const bus = { register(name: string, run: () => void) { held.set(name, run); } };\n';
  analysis.open(bus, held);
  expect(analysis.model.slice.has(bus)).toBe(true);
});
