#!/usr/bin/env node
import * as nodeModule from 'node:module';
import { isatty } from 'node:tty';
import pc from 'picocolors';
import { audit } from '../audit/audit.js';
import { run } from './program.js';

// Compiling TypeScript is the longest part of a short audit. Node 20 has no cache for it.
const enableCompileCache: unknown = Reflect.get(nodeModule, 'enableCompileCache');
if (typeof enableCompileCache === 'function') Reflect.apply(enableCompileCache, undefined, []);

// Whoever reads the report may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Never process.exit: it would cut off what a pipe has not taken yet.
process.exitCode = run(process.argv.slice(2), {
  audit,
  color: pc.isColorSupported && isatty(1),
  // A terminal that will not tell its size says 0.
  width: isatty(1) ? process.stdout.columns || 80 : Infinity,
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
});
