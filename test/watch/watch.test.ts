import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOf } from '../e2e/hosts.js';
import { repository } from '../places.js';

const main = join(repository, 'dist/src/cli/main.js');

/** A running watch of a copy of the incident. */
class Watch {
  readonly root = copyOf('incident-before');
  readonly process: ChildProcess = spawn(process.execPath, [main, 'watch', this.root], { env: { ...process.env, FORCE_COLOR: undefined } });
  output = '';

  constructor() {
    this.process.stdout?.on('data', (data: Buffer) => (this.output += data.toString()));
    this.process.stderr?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  path(file: string): string {
    return join(this.root, file);
  }

  /** Returns what the watch prints until the text matches, after an edit. */
  async after(edit: () => void, expected: RegExp): Promise<string> {
    this.output = '';
    edit();
    const deadline = Date.now() + 60_000;
    while (!expected.test(this.output)) {
      if (Date.now() > deadline) throw new Error(`The watch does not print ${String(expected)}:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.output;
  }
}

describe('clickhouse-ssot watch', () => {
  let watch: Watch;
  beforeAll(() => {
    watch = new Watch();
  });
  afterAll(() => void watch.process.kill('SIGKILL'));

  const manager = 'backend/src/core/clickhouse-connection-manager.ts';
  const settings = 'clickhouse-ssot.config.json';

  it('prints the summary first, without clearing the screen', async () => {
    const text = await watch.after(() => undefined, /Ctrl-C ends\.\n/);
    expect(text).toMatch(/^\d+ findings: 1 no-connection-recursion, /);
    expect(text).not.toContain('\u001B');
  });

  it('says which findings an edit mends, and which it makes', async () => {
    const broken = readFileSync(watch.path(manager), 'utf8');
    const mended = broken.replace('return getClickHouseClient();', 'return getClickHouseClient({ bypassManager: true });');
    const gone = await watch.after(() => writeFileSync(watch.path(manager), mended), / left \(/);
    expect(gone).toContain(`${manager}: 2 gone, `);
    expect(gone).toContain(`- ${manager}:35:12  no-connection-recursion`);
    // As editors save: into another file, which takes the place of the old one.
    const save = () => {
      writeFileSync(`${watch.path(manager)}.tmp`, broken);
      renameSync(`${watch.path(manager)}.tmp`, watch.path(manager));
    };
    const added = await watch.after(save, /2 new, [^]*-> getClickHouseClient\n/);
    expect(added).toContain(`+ ${manager}:35:12  no-connection-recursion`);
  });

  it('tells a syntax error and its repair', async () => {
    const text = readFileSync(watch.path(manager), 'utf8');
    const wrong = await watch.after(() => writeFileSync(watch.path(manager), `${text}\nfunction ( {`), /syntax error: .*\n/);
    expect(wrong).toContain(`! ${manager}:`);
    await watch.after(() => writeFileSync(watch.path(manager), text), /has no syntax error any more\.\n/);
  });

  it('follows new folders, renamed files and deleted ones', async () => {
    const client = `export const getExtraClient = () => fetch('http://localhost:8123/?query=SELECT%201');\n`;
    mkdirSync(watch.path('backend/src/extra/deep'), { recursive: true });
    expect(await watch.after(() => writeFileSync(watch.path('backend/src/extra/deep/a.ts'), client), / left \(/)).toContain(
      'extra/deep/a.ts: 2 new, ',
    );
    const rename = () => renameSync(watch.path('backend/src/extra/deep/a.ts'), watch.path('backend/src/extra/deep/b.ts'));
    expect(await watch.after(rename, / left \([^]*\n/)).toMatch(/2 moved, [^]*deep\/a\.ts:\d+:\d+ to backend\/src\/extra\/deep\/b\.ts/);
    expect(await watch.after(() => rmSync(watch.path('backend/src/extra'), { recursive: true }), / left \(/)).toContain('2 gone, ');
  });

  it('uses new settings at once, and goes on after wrong ones', async () => {
    const write = (value: object) => () => writeFileSync(watch.path(settings), JSON.stringify(value));
    expect(await watch.after(write({ factories: ['backend/src/db/clickhouse.ts'] }), / left \(/)).toContain(
      'outside the factory (backend/src/db/clickhouse.ts)',
    );
    expect(await watch.after(write({ factoriez: [] }), /factoriez/)).toContain('Did you mean "factories"?');
    await watch.after(() => rmSync(watch.path(settings)), / left \(/);
  });

  it('looks again after an edit of tsconfig.json', async () => {
    const file = watch.path('tsconfig.json');
    const text = await watch.after(() => writeFileSync(file, `${readFileSync(file, 'utf8')}\n`), / left \(/);
    expect(text).toContain('no finding changed');
  });

  it.skipIf(process.platform === 'win32')('ends with 0 on Ctrl-C', async () => {
    watch.process.kill('SIGINT');
    expect(await once(watch.process, 'exit')).toEqual([0, null]);
  });
});
