import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as typescriptParser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import plugin from '../dist/src/plugin.js';

/**
 * @typedef {'recommended' | 'strict'} Preset
 * @typedef {{ file: string, line: number, column: number, rule: string, message: string }} Finding
 * @typedef {{ file: string, before: string, after: string }} Fix
 */

/**
 * Lints a folder by ESLint. The findings are sorted by file and position.
 * @param {string} folder
 * @param {Preset} preset
 * @param {{ fix?: boolean }} [options] `fix` writes into the folder
 * @returns {Promise<{ findings: Finding[], files: number, fixes: Fix[] }>}
 */
export async function lintWithESLint(folder, preset, { fix = false } = {}) {
  const eslint = new ESLint({
    cwd: folder,
    fix,
    overrideConfigFile: true,
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser: typescriptParser } }, plugin.configs[preset]],
  });
  const results = await eslint.lintFiles(['.']);
  const fixes = await Promise.all(
    results.flatMap(({ filePath, output }) => (output === undefined ? [] : [readFix(folder, filePath, output)])),
  );
  if (fix) await ESLint.outputFixes(results);
  const findings = results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, column, ruleId, message }) => ({
      file: withSlashes(relative(folder, filePath)),
      line,
      column,
      rule: ruleId ?? 'parsing',
      message,
    })),
  );
  return { findings: findings.sort(byPosition), files: results.length, fixes };
}

/**
 * Lints a folder by oxlint. The findings are sorted by file and position.
 * @param {string} folder
 * @param {Preset} preset
 * @returns {Promise<{ findings: Finding[], files: number }>}
 */
export async function lintWithOxlint(folder, preset) {
  // Next to the code base, not in it: the code base has no settings of the plugin.
  const config = `${folder}.oxlintrc.json`;
  const pluginFile = fileURLToPath(new URL('../dist/src/plugin.js', import.meta.url));
  await writeFile(
    config,
    JSON.stringify({ jsPlugins: [pluginFile], categories: { correctness: 'off' }, rules: plugin.configs[preset].rules }),
  );
  const report = await oxlint(['--config', config, '--format', 'json', '.'], folder);
  /** @type {{ diagnostics: { message: string, code: string, filename: string, labels: { span: { line: number, column: number } }[] }[], number_of_files: number }} */
  const { diagnostics, number_of_files: files } = JSON.parse(report);
  const findings = diagnostics.map(({ message, code, filename, labels }) => ({
    file: withSlashes(filename),
    line: labels[0]?.span.line ?? 0,
    column: labels[0]?.span.column ?? 0,
    rule: code.replace(/^(.+)\((.+)\)$/, '$1/$2'),
    message,
  }));
  return { findings: findings.sort(byPosition), files };
}

/**
 * Returns a fix with the text of the file before it.
 * @param {string} folder
 * @param {string} path
 * @param {string} after
 * @returns {Promise<Fix>}
 */
async function readFix(folder, path, after) {
  return { file: withSlashes(relative(folder, path)), before: await readFile(path, 'utf8'), after };
}

/**
 * Runs oxlint in a folder.
 * @param {string[]} options
 * @param {string} folder
 * @returns {Promise<string>} the standard output
 */
async function oxlint(options, folder) {
  const manifest = createRequire(import.meta.url).resolve('oxlint/package.json');
  const { bin } = JSON.parse(await readFile(manifest, 'utf8'));
  const child = spawn(process.execPath, [join(dirname(manifest), bin.oxlint), ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}

/**
 * Compares by file, line, column and rule.
 * @param {Finding} a
 * @param {Finding} b
 */
function byPosition(a, b) {
  return a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.rule.localeCompare(b.rule);
}

/** Returns the path with forward slashes. @param {string} path */
function withSlashes(path) {
  return path.replaceAll('\\', '/');
}
