import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { repository } from '../../places.js';
import type { ServiceState } from './states.js';

/** Packages of the service. The old client has another name in this repository, since the analysis knows its own name. */
const packages: Readonly<Record<string, string>> = {
  '@clickhouse/client': '@clickhouse/client',
  '@nestjs/common': '@nestjs/common',
  '@nestjs/core': '@nestjs/core',
  '@nestjs/testing': '@nestjs/testing',
  '@types/node': '@types/node',
  clickhouse: 'clickhouse-legacy',
  'reflect-metadata': 'reflect-metadata',
};

const runtime = join(repository, 'runtime/src');
const compilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  experimentalDecorators: true,
  types: ['node'],
  paths: { '@clickhouse-ssot/runtime': [join(runtime, 'index.ts')], '@clickhouse-ssot/runtime/*': [join(runtime, '*.ts')] },
};

/** Tests of the service itself, which do not change: they run in each state. */
const functions = `
import assert from 'node:assert/strict';
import { countOf } from './src/count.js';
import { record } from './src/record.js';
export async function check(createTable: () => Promise<void>): Promise<void> {
  assert.equal(await countOf('signup'), undefined);
  await createTable();
  await record(['signup', 'signup', 'login']);
  assert.equal(await countOf('signup'), 2);
}`;
const nest = `
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { Test } from '@nestjs/testing';
import { AppModule } from './src/app.module.js';
import { EventsService } from './src/events.service.js';
export async function check(createTable: () => Promise<void>): Promise<void> {
  await createTable();
  const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
  await app.get(EventsService).record(['signup', 'signup', 'login']);
  assert.equal(await app.get(EventsService).countOf('signup'), 2);
  await app.close();
}`;

function mainOf(files: ReadonlyMap<string, string>): string {
  return `
import { clickHouse, closeClickHouse } from '@clickhouse-ssot/runtime';
import { check } from './check.js';
${files.has('src/stop.ts') ? "import { stop } from './src/stop.js';" : 'const stop = closeClickHouse;'}
await check(async () => {
  await clickHouse().command({ query: 'DROP TABLE IF EXISTS events' });
  await clickHouse().command({ query: 'CREATE TABLE events (name String) ENGINE = MergeTree ORDER BY name' });
});
await clickHouse().command({ query: 'DROP TABLE IF EXISTS events' });
await stop();
await closeClickHouse();
console.log('passed');
process.exit();`;
}

/** Writes a state of the service, with its tests, to a new folder. Returns its path. */
export function writeService({ files }: ServiceState): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrating-'));
  const isNest = files.has('src/app.module.ts');
  const all: Record<string, string> = {
    ...Object.fromEntries(files),
    'package.json': JSON.stringify({ private: true, type: 'module' }),
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['**/*.ts'] }),
    'check.ts': isNest ? nest : functions,
    'main.ts': mainOf(files),
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const [name, installed] of Object.entries(packages)) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(repository, 'node_modules', installed), join(folder, 'node_modules', name));
  }
  return folder;
}

/** Parsed files of the packages, which all states share. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Returns the type errors of the service in this folder. */
export function typeErrorsIn(folder: string): string[] {
  const { options, fileNames } = ts.parseJsonConfigFileContent({ compilerOptions, include: ['**/*.ts'] }, ts.sys, folder);
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) => {
    if (fileNames.includes(name)) return parse(name, version);
    if (!parsed.has(name)) parsed.set(name, parse(name, version));
    return parsed.get(name);
  };
  const program = ts.createProgram(fileNames, options, host);
  return fileNames.flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
}
