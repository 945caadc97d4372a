import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { configs } from '../../src/plugin.js';
import type { Preset } from '../../src/rule/rule.js';
import { fixture, repository } from '../places.js';

/** One report, in the form that all hosts share. */
export interface Reported {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** In UTF-16 units. */
  readonly column: number;
  readonly message: string;
}

/** The built plugin. */
export const plugin = join(repository, 'dist/src/plugin.js');

/** Returns a copy of a fixture outside of this repository: inside, the fixture would have this repository's root and git. */
export function copyOf(name: string): string {
  const parent = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-'));
  const folder = join(parent, 'code');
  cpSync(fixture(name), folder, { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(parent, 'node_modules'));
  return folder;
}

/** The part that tests read of a result of `ESLint.lintFiles` and `--format json`. */
export interface EslintResult {
  readonly filePath: string;
  readonly messages: readonly {
    readonly ruleId: string | null;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
}

/** Returns the reports of ESLint results, with paths relative to the folder, sorted by position. */
export function reportsOf(folder: string, results: readonly EslintResult[]): Reported[] {
  return results
    .flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, column, message }) => ({
        rule: (ruleId ?? 'none').replace('clickhouse-ssot/', ''),
        file: relative(folder, filePath),
        line,
        column,
        message,
      })),
    )
    .sort(byPlace);
}

/** ESLint 10 and ESLint 9, by package name. */
export type EslintPackage = 'eslint' | 'eslint9';

/** Writes a configuration with a preset. */
export function configureEslint(folder: string, preset: Preset = 'strict'): void {
  writeFileSync(
    join(folder, 'eslint.config.mjs'),
    `import parser from '@typescript-eslint/parser';\nimport ssot from ${JSON.stringify(plugin)};\n` +
      `export default [{ ...ssot.configs.${preset}, files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'], ignores: ['eslint.config.mjs'], languageOptions: { parser } }];\n`,
  );
}

/** How a command starts: from where, with which argument, and with which preset. Both paths start at the folder of a code base. */
export interface Start {
  readonly cwd: string;
  readonly target: string;
  /** Default: `strict`. */
  readonly preset?: Preset;
}

/** Starts a command in the folder of a code base, for all of it. */
export const atRoot: Start = { cwd: '.', target: '.' };

/** Lints a folder, by default by the strict preset. */
export function runEslint(eslint: EslintPackage, folder: string, args: readonly string[] = [], start = atRoot): Reported[] {
  configureEslint(folder, start.preset);
  const program = join(repository, 'node_modules', eslint, 'bin/eslint.js');
  const run = spawnSync(process.execPath, [program, start.target, '--format', 'json', ...args], {
    cwd: join(folder, start.cwd),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const results: EslintResult[] = JSON.parse(run.stdout);
  return reportsOf(folder, results);
}

/** Writes a configuration with the rules and options of a preset, and no other rules. */
export function configureOxlint(folder: string, file = 'oxlintrc.json', preset: Preset = 'strict'): void {
  writeFileSync(
    join(folder, file),
    JSON.stringify({
      jsPlugins: [{ name: 'clickhouse-ssot', specifier: plugin }],
      categories: { correctness: 'off' },
      rules: configs[preset].rules,
      ignorePatterns: ['eslint.config.mjs'],
    }),
  );
}

/** Lints a folder by the rules of a preset, by default the strict one. */
export function runOxlint(folder: string, args: readonly string[] = [], start = atRoot): Reported[] {
  configureOxlint(folder, 'oxlintrc.json', start.preset);
  const config = join(folder, 'oxlintrc.json');
  const run = spawnSync(join(repository, 'node_modules/.bin/oxlint'), ['-c', config, '--format', 'json', ...args, start.target], {
    cwd: join(folder, start.cwd),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { diagnostics }: { diagnostics: { message: string; code: string; filename: string; labels: { span: { offset: number } }[] }[] } =
    JSON.parse(run.stdout);
  return diagnostics
    .map(({ message, code, filename, labels }) => ({
      rule: /\((.*)\)/.exec(code)?.[1] ?? code,
      file: join(start.cwd, filename),
      message,
      ...positionOf(join(folder, start.cwd, filename), labels[0]?.span.offset ?? 0),
    }))
    .sort(byPlace);
}

/** Audits a folder by the built command line, by default by the strict preset. */
export function runAudit(folder: string, start = atRoot): Reported[] {
  const run = spawnSync(
    process.execPath,
    [join(repository, 'dist/src/cli/main.js'), 'audit', start.target, '--preset', start.preset ?? 'strict', '--format', 'json'],
    { cwd: join(folder, start.cwd), encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const { findings }: { findings: Reported[] } = JSON.parse(run.stdout);
  return findings.map(({ rule, file, line, column, message }) => ({ rule, file, line, column, message })).sort(byPlace);
}

/** Converts the offset that oxlint reports: it counts bytes of the file, byte order mark included. */
function positionOf(file: string, byteOffset: number): { line: number; column: number } {
  const before = readFileSync(file)
    .subarray(0, byteOffset)
    .toString()
    .replace(/^\uFEFF/, '');
  const lines = before.split(/\r\n|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function byPlace(a: Reported, b: Reported): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return order(a.file, b.file) || a.line - b.line || a.column - b.column || order(a.rule, b.rule);
}

/** Runs a TypeScript file and returns what it writes to both outputs. */
export function runNode(file: string, cwd: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], { cwd, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Runs git in a folder and returns its output. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
}
