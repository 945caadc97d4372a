#!/usr/bin/env node
import { isatty } from 'node:tty';
import { auditPaths } from '../audit/audit-paths.js';
import { cacheChoiceOf, cacheVariable } from '../cache/cache-location.js';
import { isDebugRequested } from '../trace/debug-variable.js';
import { enableCodeCache } from './code-cache.js';
import { run } from './program.js';
import { startProgress } from './progress.js';
import { isCi, showsColors, showsProgress } from './terminal.js';

// The reader of a pipe may close it early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const progressWorker = new URL('./progress-worker.js', import.meta.url);

// Not `process.exit`: it would drop output that the pipe has not accepted yet.
process.exitCode = await run(process.argv.slice(2), {
  audit: (options) => auditPaths({ ...options, useCodeFolder: enableCodeCache }),
  useCodeFolder: enableCodeCache,
  color: showsColors(isatty(1), process.env),
  debug: isDebugRequested(process.env['DEBUG']),
  isCi: isCi(process.env['CI']),
  pageFolder: new URL('./page/', import.meta.url),
  cache: cacheChoiceOf(process.env[cacheVariable]),
  environment: process.env,
  workspace: process.env['GITHUB_WORKSPACE'],
  // A terminal of unknown size reports 0 columns.
  width: isatty(1) ? process.stdout.columns || 80 : Infinity,
  write: (text) => void process.stdout.write(text),
  startProgress: showsProgress(isatty(2), process.env) ? () => startProgress(progressWorker) : undefined,
  writeError: (text) => void process.stderr.write(text),
});
