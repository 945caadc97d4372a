import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { repository } from '../places.js';
import { entryPoints, serviceWith } from './app.js';

/** A program that uses the entry points. */
const program = `
    import { ClickHouseConnectionFactory, ClickHouseConnectionManager, type ClickHouseService, loadClickHouseConfig } from '@clickhouse-ssot/runtime';
    import { embeddedConnection } from '@clickhouse-ssot/runtime/embedded';
    import { logTo } from '@clickhouse-ssot/runtime/logging';
    import { migrate } from '@clickhouse-ssot/runtime/migrations';
    import { instrument } from '@clickhouse-ssot/runtime/otel';
    import { collectClickHouseMetrics } from '@clickhouse-ssot/runtime/prometheus';
    import { fileSecret } from '@clickhouse-ssot/runtime/secrets';
    import { createTestService } from '@clickhouse-ssot/runtime/testing';
    export const factory = new ClickHouseConnectionFactory();
    export const service: ClickHouseService = new ClickHouseConnectionManager({ config: loadClickHouseConfig(), factory }).service;
    export const double: ClickHouseService = createTestService();
    export const others = [embeddedConnection, logTo, instrument, collectClickHouseMetrics, migrate, fileSecret] as const;
    // @ts-expect-error The types are not any.
    service.noSuchMethod;
  `;

const folder = serviceWith({
  'package.json': '{ "private": true, "type": "commonjs" }',
  'service.ts': program,
  'esm.mts': `
    import { ClickHouseConnectionManager, loadClickHouseConfig } from '@clickhouse-ssot/runtime';
    import { factory } from './service.js';
    export const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig(), factory });
  `,
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the type errors of a file. */
function errorsIn(file: string, options: object): string[] {
  const compilation = ts.createProgram([join(folder, file)], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    types: ['node'],
    typeRoots: [join(folder, 'node_modules/@types')],
    ...ts.convertCompilerOptionsFromJson(options, folder).options,
  });
  return ts.getPreEmitDiagnostics(compilation).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

/** Compiler options as in `tsconfig.json`. */
const resolutions: Readonly<Record<string, object>> = {
  node10: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0', esModuleInterop: true },
  node16: { module: 'node16' },
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

describe('every entry point has types', () => {
  it.each(Object.entries(resolutions))('for the module resolution %s', (_, options) => {
    expect(errorsIn('service.ts', options)).toEqual([]);
  });

  it.each(['node16', 'nodenext', 'bundler'])('for %s, a factory of a CommonJS file fits a manager of an ES module', (name) => {
    expect(errorsIn('esm.mts', resolutions[name] ?? {})).toEqual([]);
  });

  it('and the program imports all of them, except those of web frameworks', () => {
    const frameworks = ['express', 'fastify', 'hono', 'http', 'nestjs'].map((name) => `@clickhouse-ssot/runtime/${name}`);
    expect(entryPoints().filter((name) => !frameworks.includes(name) && !program.includes(`from '${name}'`))).toEqual([]);
  });
});

describe('the tarball has no fault that is known to', () => {
  const shell = process.platform === 'win32';
  spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: join(repository, 'runtime'), shell });
  const [tarball = 'missing'] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));

  const check = (command: string, ...options: string[]) => {
    const script = join(repository, 'node_modules/.bin', command);
    const { status, stdout, stderr } = spawnSync(script, [...options, tarball], { cwd: folder, encoding: 'utf8', shell });
    return status === 0 ? [] : [stdout, stderr];
  };

  it('arethetypeswrong, for every module resolution', () => {
    expect(check('attw', '--profile', 'strict')).toEqual([]);
  });

  it('publint', () => {
    expect(check('publint', 'run', '--strict')).toEqual([]);
  });
});
