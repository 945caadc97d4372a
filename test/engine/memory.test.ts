import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fixture } from '../places.js';

const program = fileURLToPath(new URL('thousand-edits.ts', import.meta.url));

/** A heap of 53 MB varies by 0.25 MB without a leak. Leaked models add 11 MB. */
const bytesPerEdit = 1024;

describe('a process with a thousand edits', () => {
  it('needs no more memory at the end than after two hundred', () => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-memory-'));
    cpSync(fixture('recursion/missed-one'), root, { recursive: true });
    // Without the optimizing compiler: its code for hot functions keeps growing during the measurement.
    const output = execFileSync(
      process.execPath,
      ['--no-opt', '--expose-gc', '--import', import.meta.resolve('tsx'), program, root, '1000', '200'],
      { encoding: 'utf8' },
    );
    const [after200 = Number.NaN, , , , after1000 = Number.NaN]: number[] = JSON.parse(output);
    expect(after1000 - after200, output).toBeLessThan(800 * bytesPerEdit);
  }, 300_000);
});
