import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { keyNames } from '../../../runtime/src/config/options.js';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(join(repository, file), 'utf8');

it('the build of the runtime bundles valibot: neither code nor declarations import it, and its licence is included', () => {
  const built = readdirSync(join(repository, 'runtime/dist'), { recursive: true, encoding: 'utf8' });
  const importers = built.filter((file) => /\.(js|ts)$/.test(file) && /(from|import\()\s*["']valibot/.test(read(`runtime/dist/${file}`)));
  expect(importers).toEqual([]);
  const words = (text: string) => text.replaceAll(/^>/gm, '').split(/\s+/).filter(Boolean).join(' ');
  expect(words(read('runtime/THIRD-PARTY.md'))).toContain(words(read('node_modules/valibot/LICENSE.md')));
});

/** Returns the text that an editor shows for each key of an object literal in a program that uses the built declarations. */
function hoversIn(source: string): Map<string, string> {
  const file = join(repository, 'runtime/hovers.ts');
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = name === file ? source : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => join(repository, 'runtime'),
    getCompilationSettings: () => ({ module: ts.ModuleKind.NodeNext, strict: true, skipLibCheck: true, types: [] }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: (name) => (name === file ? source : ts.sys.readFile(name)),
  };
  const service = ts.createLanguageService(host);
  const positions = [...source.matchAll(/(\w+): undefined/g)].map(({ 1: key = '', index }) => [key, index] as const);
  return new Map(
    positions.map(([key, at]) => [key, ts.displayPartsToString(service.getQuickInfoAtPosition(file, at)?.documentation)] as const),
  );
}

it('an editor shows the docstring of each key of the configuration', () => {
  const names = [...keyNames, 'connection', 'environment', 'settings'];
  const hovers = hoversIn(
    `import { loadClickHouseConfig } from './dist/index.js';\nloadClickHouseConfig({ ${names.map((key) => `${key}: undefined`).join(', ')} });\n`,
  );
  expect([...hovers].filter(([, text]) => !text.includes('Default: ')).map(([key]) => key)).toEqual([]);
  expect(hovers.get('requestTimeoutMs')).toContain('in milliseconds, 1 to 86,400,000');
  expect([...hovers.keys()]).toEqual(names);
});
