import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheChoiceOf, cacheFolder } from '../../src/cache/cache-location.js';
import { EntryStore } from '../../src/cache/entry-store.js';
import { createTrace, noTrace } from '../../src/trace/trace.js';
import { auditCached, auditFresh, copyOfIncident, emptyFolder } from './code-base.js';

const answersIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.answer'));

/** A copy of the incident with an answer in a folder. */
function audited() {
  const [root, folder] = [copyOfIncident(), emptyFolder()];
  const cache = { kind: 'folder', folder } as const;
  auditCached(root, { cache });
  const [name = ''] = answersIn(folder);
  return { root, folder, cache, answer: join(folder, name) };
}

describe('the cache folder', () => {
  it('holds one answer for one audit, and git ignores it', () => {
    const { folder } = audited();
    expect(answersIn(folder)).toHaveLength(1);
    expect(readdirSync(folder)).toHaveLength(2);
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it.each([
    ['cut in the middle, as by a crash', (file: string) => truncateSync(file, 500)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['changed in one character', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('recommended', 'recommendet'))],
    ['of another version', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('-cache 2 ', '-cache 1 '))],
    ['no text', (file: string) => writeFileSync(file, Buffer.from([0, 255, 254, 10, 0]))],
  ])('is used no more if an answer is %s, and the next audit mends it', (_, damage) => {
    const { root, cache, answer } = audited();
    damage(answer);
    const run = auditCached(root, { cache });
    expect(run.facts[0]).toBe(`${answer} is damaged or of another version and is not used`);
    expect(run.outcome).toEqual(auditFresh(root));
    expect(auditCached(root, { cache }).isHit).toBe(true);
  });

  it('ignores what another program put there, and what a process left that crashed while it wrote', () => {
    const { root, folder, cache, answer } = audited();
    writeFileSync(`${answer}.123.00ff00ff.tmp`, 'half an ans');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    expect(auditCached(root, { cache }).isHit).toBe(true);
    utimesSync(`${answer}.123.00ff00ff.tmp`, 0, 0);
    auditCached(root, { cache, selection: { preset: 'strict', rules: [] } });
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', ...answersIn(folder), 'notes.txt'].sort());
  });

  // The super-user may write everywhere.
  it.skipIf(process.getuid?.() === 0)('may be read-only: answers are read, and none is kept', () => {
    const { root, folder, cache } = audited();
    chmodSync(folder, 0o555);
    expect(auditCached(root, { cache }).isHit).toBe(true);
    const strict = { cache, selection: { preset: 'strict', rules: [] } } as const;
    expect(auditCached(root, strict).facts).toContainEqual(expect.stringContaining('cannot write to'));
    chmodSync(folder, 0o755);
  });

  it('may be a file: then there is no cache, and the audit runs', () => {
    const root = copyOfIncident();
    const folder = join(emptyFolder(), 'file');
    writeFileSync(folder, '');
    const run = auditCached(root, { cache: { kind: 'folder', folder } });
    expect(run.facts).toContainEqual(expect.stringContaining(`cannot write to ${folder}`));
    expect(run.outcome).toEqual(auditFresh(root));
  });

  it('has a limit: the oldest entries are removed first', () => {
    const folder = emptyFolder();
    const store = new EntryStore(folder, noTrace, { files: 3, bytes: 10_000 });
    for (const [index, name] of ['aa-01', 'aa-02', 'aa-03', 'aa-04'].entries()) {
      store.write(`${name}.answer`, 'text');
      utimesSync(join(folder, `${name}.answer`), index + 1, index + 1);
    }
    store.write('aa-05.answer', 'text');
    expect(answersIn(folder)).toEqual(['aa-03.answer', 'aa-04.answer', 'aa-05.answer']);
    store.write('aa-06.answer', 'x'.repeat(9_900));
    expect(answersIn(folder)).toEqual(['aa-06.answer']);
  });

  it('serves two processes that write at once: each reads a complete answer', async () => {
    const folder = emptyFolder();
    const programOf = (letter: string): string => `
      import { EntryStore } from './src/cache/entry-store.ts';
      const store = new EntryStore(${JSON.stringify(folder)}, { fact: (describe) => console.log(describe()), startSteps: () => (name, result) => result });
      for (let step = 0; step < 200; step++) {
        store.write('aa-01.answer', '${letter}'.repeat(100_000));
        if (!/^(?:a{100000}|b{100000})$/.test(store.read('aa-01.answer'))) console.log('not complete');
      }`;
    const run = (letter: string) =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', programOf(letter)]);
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
        child.on('close', () => resolve(output));
      });
    expect(await Promise.all([run('a'), run('b')])).toEqual(['', '']);
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'aa-01.answer']);
  });

  it('tells in the trace that an answer is damaged', () => {
    const folder = emptyFolder();
    const facts: string[] = [];
    writeFileSync(join(folder, 'aa-01.answer'), 'damaged');
    expect(
      new EntryStore(
        folder,
        createTrace((line) => facts.push(line)),
      ).read('aa-01.answer'),
    ).toBeUndefined();
    expect(facts).toEqual([`clickhouse-ssot: cache: ${join(folder, 'aa-01.answer')} is damaged or of another version and is not used\n`]);
  });
});

describe('the place of the cache', () => {
  it('is in node_modules of the nearest package, up to the repository', () => {
    const repository = emptyFolder();
    execFileSync('git', ['init', '--quiet'], { cwd: repository });
    mkdirSync(join(repository, 'services/api/src'), { recursive: true });
    const place = () => cacheFolder(join(repository, 'services/api/src'), { kind: 'default' });
    expect(place()).toBeUndefined();
    writeFileSync(join(repository, 'package.json'), '{}');
    expect(place()).toBe(join(repository, 'node_modules/.cache/clickhouse-ssot'));
    mkdirSync(join(repository, 'services/api/node_modules'));
    expect(place()).toBe(join(repository, 'services/api/node_modules/.cache/clickhouse-ssot'));
  });

  it.each([
    [undefined, 'settings'],
    ['', 'settings'],
    ['off', 'off'],
    ['0', 'off'],
    ['false', 'off'],
    ['true', 'default'],
    ['/tmp/answers', 'folder'],
  ])('is what CLICKHOUSE_SSOT_CACHE=%s says: %s', (variable, kind) => {
    expect(cacheChoiceOf(variable).kind).toBe(kind);
  });
});
