import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { serviceWith, writeFiles } from '../../loading/app.js';
import type { AppProgram } from './running-app.js';

const sources = ['nest-app/main.ts', 'nest-app/app.module.ts', 'apps/counts.ts', 'apps/queries.ts'];

const packages = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  '@nestjs/terminus',
  '@nestjs/testing',
  'reflect-metadata',
  'rxjs',
];

const options: ts.CompilerOptions = {
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  types: ['node'],
};

/**
 * Compiles the application of NestJS in a folder of its own, in which this package is installed as from its tarball.
 * @param type the module format of the application
 * @param platform what serves its requests
 */
export function compileNestApp(type: 'commonjs' | 'module', platform: 'express' | 'fastify' = 'express'): AppProgram {
  const folder = serviceWith({ 'package.json': JSON.stringify({ private: true, type }) }, packages);
  const module = type === 'commonjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ES2022;
  const compiled = Object.entries(nestSources()).map(([name, text]) => {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { ...options, module, moduleResolution: ts.ModuleResolutionKind.Bundler },
    });
    return [name.replace(/ts$/, 'js'), outputText] as const;
  });
  writeFiles(folder, Object.fromEntries(compiled));
  return { args: [join(folder, 'nest-app/main.js'), platform], folder };
}

/** Returns the type errors of modules of a NestJS application, which are installed beside this package. @param files texts by path */
export function typeErrorsOf(files: Readonly<Record<string, string>>): string[] {
  const folder = serviceWith({ 'package.json': JSON.stringify({ private: true, type: 'module' }), ...files }, packages);
  const program = ts.createProgram(
    Object.keys(files).map((name) => join(folder, name)),
    { ...options, noEmit: true, typeRoots: [join(folder, 'node_modules/@types')] },
  );
  const problems = ts.getPreEmitDiagnostics(program);
  rmSync(folder, { recursive: true });
  return problems.map(({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

/** Returns the sources of the application by path. */
export function nestSources(): Readonly<Record<string, string>> {
  return Object.fromEntries(sources.map((name) => [name, readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')]));
}
