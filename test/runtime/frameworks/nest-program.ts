import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { serviceWith } from '../../loading/app.js';
import type { AppProgram } from './running-app.js';

const sources = ['nest-app/main.ts', 'nest-app/app.module.ts', 'apps/counts.ts', 'apps/queries.ts'];

const packages = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/terminus',
  'reflect-metadata',
  'rxjs',
];

/**
 * Compiles the application of NestJS in a folder of its own, in which this package is installed as from its tarball.
 * @param type the module format of the application
 * @throws Error with the errors of the compiler
 */
export function compileNestApp(type: 'commonjs' | 'module'): AppProgram {
  const files = Object.fromEntries(sources.map((name) => [name, readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')]));
  const folder = serviceWith({ ...files, 'package.json': JSON.stringify({ private: true, type }) }, packages);
  const program = ts.createProgram(
    sources.map((name) => join(folder, name)),
    {
      strict: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      types: ['node'],
      typeRoots: [join(folder, 'node_modules/@types')],
      outDir: join(folder, 'out'),
      rootDir: folder,
    },
  );
  const { diagnostics } = program.emit();
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, formatHost));
  return { args: [join(folder, 'out/nest-app/main.js')], folder };
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => '/',
  getNewLine: () => '\n',
};
