import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditCached, auditFresh, copyOfIncident, emptyFolder } from './code-base.js';
import { writeMonorepo } from './monorepo.js';

const git = (root: string, ...args: readonly string[]): void =>
  void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: root, stdio: 'ignore' });

/** A copy of the incident in a git repository, with an answer for it in the default folder. */
function audited(): string {
  const root = copyOfIncident();
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ extends: '@acme/tsconfig' }));
  mkdirSync(join(root, 'node_modules/@acme/tsconfig'), { recursive: true });
  writeFileSync(join(root, 'node_modules/@acme/tsconfig/tsconfig.json'), '{}');
  writeFileSync(join(root, '.gitignore'), 'node_modules\n');
  writeFileSync(join(root, 'src/unrelated.ts'), 'export const one = 1;\n');
  git(root, 'init', '--quiet');
  git(root, 'add', '.');
  git(root, 'commit', '--quiet', '--message', 'incident');
  auditCached(root);
  return root;
}

let template = '';
beforeAll(() => {
  template = audited();
});

/** Like `audited`, but the answer is for another path: the first audit must not use it. */
function copyOfTemplate(): string {
  const root = join(emptyFolder(), 'copy');
  cpSync(template, root, { recursive: true });
  return root;
}

/** Each input of an audit, and an edit of it that must not leave the old answer in use. */
const edits: Readonly<Record<string, (root: string) => void>> = {
  'the settings file appears': (root) => writeFileSync(join(root, 'clickhouse-ssot.config.json'), '{ "factories": ["src/client.ts"] }'),
  'a settings file of another format appears': (root) => writeFileSync(join(root, 'clickhouse-ssot.config.yaml'), ''),
  'a folder gets a settings file of its own': (root) => writeFileSync(join(root, 'src/clickhouse-ssot.config.json'), '{}'),
  'a manifest changes': (root) => writeFileSync(join(root, 'package.json'), '{ "name": "other" }'),
  'a tsconfig changes': (root) => writeFileSync(join(root, 'tsconfig.json'), '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }'),
  'a source file is new': (root) =>
    writeFileSync(join(root, 'src/new.ts'), `import { createClient } from '@clickhouse/client';\ncreateClient();\n`),
  'a source file is deleted': (root) => rmSync(join(root, 'src/reconnect.ts')),
  'a source file is renamed': (root) => renameSync(join(root, 'src/health.ts'), join(root, 'src/condition.ts')),
  'a source file is moved into a new folder': (root) => {
    mkdirSync(join(root, 'src/moved'));
    renameSync(join(root, 'src/unrelated.ts'), join(root, 'src/moved/unrelated.ts'));
  },
  'a source file of the slice changes': (root) =>
    writeFileSync(
      join(root, 'src/reconnect.ts'),
      readFileSync(join(root, 'src/reconnect.ts'), 'utf8').replace('getClient()', 'getClient({ bypassManager: true })'),
    ),
  'an unrelated file gets a client': (root) =>
    appendFileSync(
      join(root, 'src/unrelated.ts'),
      `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`,
    ),
  'git ignores a source file': (root) => {
    git(root, 'rm', '--quiet', '--cached', 'src/health.ts');
    writeFileSync(join(root, '.gitignore'), 'node_modules\nsrc/health.ts\n');
  },
  'git does not watch the changed file': (root) => {
    git(root, 'update-index', '--assume-unchanged', 'src/reconnect.ts');
    appendFileSync(join(root, 'src/reconnect.ts'), `export const again = getClient();\n`);
  },
  'a file changes and keeps its size and times': (root) => {
    const file = join(root, 'src/reconnect.ts');
    const { atime, mtime } = statSync(file);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('getClient(); //', 'getClient!() //'));
    utimesSync(file, atime, mtime);
  },
};

describe('an audit whose answer is kept', () => {
  it('gives the same result at the next run, and analyses nothing', () => {
    const root = copyOfTemplate();
    const first = auditCached(root);
    const second = auditCached(root);
    expect([first.isHit, second.isHit]).toEqual([false, true]);
    expect(second.outcome).toEqual(auditFresh(root));
    expect(second.outcome).toEqual(first.outcome);
  });

  it.each(Object.keys(edits))('is analysed again if %s', (name) => {
    const root = copyOfTemplate();
    auditCached(root);
    edits[name]?.(root);
    const run = auditCached(root);
    expect(run.isHit).toBe(false);
    expect(run.outcome).toEqual(auditFresh(root));
  });

  it('is analysed again if a tsconfig outside of the repository changes that one of the code base extends', () => {
    const root = copyOfTemplate();
    auditCached(root);
    const base = join(root, 'node_modules/@acme/tsconfig/tsconfig.json');
    writeFileSync(base, '{ "compilerOptions": { "verbatimModuleSyntax": true } }');
    const changed = auditCached(root);
    expect(changed.facts[0]).toBe(`miss, ${base} changed`);
    rmSync(base);
    expect(auditCached(root).facts[0]).toBe(`miss, ${base} changed`);
  });

  it('holds for one preset and one list of rules', () => {
    const root = copyOfTemplate();
    auditCached(root);
    const strict = { selection: { preset: 'strict', rules: [] } } as const;
    expect(auditCached(root, strict).outcome).toEqual(auditFresh(root, strict));
    const one = { selection: { preset: 'recommended', rules: ['no-direct-client'] } } as const;
    expect(auditCached(root, one).outcome).toEqual(auditFresh(root, one));
    expect(auditCached(root, one).isHit).toBe(true);
  });

  it('holds for one text of the settings file that the command names', () => {
    const root = copyOfTemplate();
    const settingsFile = join(emptyFolder(), 'named.json');
    writeFileSync(settingsFile, '{}');
    auditCached(root, { settingsFile });
    expect(auditCached(root, { settingsFile }).isHit).toBe(true);
    writeFileSync(settingsFile, '{ "vendored": ["src/reconnect.ts"] }');
    expect(auditCached(root, { settingsFile }).outcome).toEqual(auditFresh(root, { settingsFile }));
    expect(auditCached(root, { settingsFile }).isHit).toBe(true);
  });

  it('is not that of the same code at another path', () => {
    const root = copyOfTemplate();
    auditCached(root);
    const moved = join(emptyFolder(), 'moved');
    renameSync(root, moved);
    const run = auditCached(moved);
    expect(run.isHit).toBe(false);
    expect(run.outcome).toEqual(auditFresh(moved));
  });

  it('is used again after a change was taken back, as by git stash', () => {
    const root = copyOfTemplate();
    const before = auditCached(root).outcome;
    appendFileSync(join(root, 'src/reconnect.ts'), 'export const again = getClient();\n');
    auditCached(root);
    git(root, 'stash');
    const after = auditCached(root);
    expect(after).toMatchObject({ isHit: true, outcome: before });
  });

  it('stays in use if a file changes that no rule reads', () => {
    const root = copyOfTemplate();
    auditCached(root);
    writeFileSync(join(root, 'README.md'), 'changed\n');
    writeFileSync(join(root, 'notes.txt'), 'new\n');
    expect(auditCached(root).isHit).toBe(true);
  });

  it.each([
    ['gets another function', 'export const two = () => 2;\n'],
    ['gets a comment', '// ClickHouse is elsewhere.\n'],
    ['gets a disable comment for another plugin', '// eslint-disable-next-line no-console\n'],
  ])('stays in use if an unrelated file %s', (_, line) => {
    const root = copyOfTemplate();
    auditCached(root);
    appendFileSync(join(root, 'src/unrelated.ts'), line);
    const run = auditCached(root);
    expect(run.facts[0]).toMatch(/^hit, .*; files that changed without effect: 1$/);
    expect(run.outcome).toEqual(auditFresh(root));
  });

  it.each([
    ['its imports', `import './health.js';\n`],
    ['a name of a client package', `// '@clickhouse/client'\n`],
    ['a disable comment for a rule of this plugin', '// eslint-disable-next-line clickhouse-ssot/no-direct-client\n'],
    ['a session that it opens', 'other.manager.session();\n'],
  ])('does not hold if an unrelated file changes by %s, and the trace names the file', (_, line) => {
    const root = copyOfTemplate();
    auditCached(root);
    appendFileSync(join(root, 'src/unrelated.ts'), line);
    const run = auditCached(root);
    expect(run.facts[0]).toMatch(/^miss, src\/unrelated\.ts changed its /);
    expect(run.outcome).toEqual(auditFresh(root));
  });

  it('depends on the names that a file imports from a module of the analysis, and not on the rest of the file', () => {
    const root = writeMonorepo();
    const file = join(root, 'packages/api/src/log.ts');
    auditCached(root);
    appendFileSync(file, 'export const count = 1;\n');
    expect(auditCached(root)).toMatchObject({ isHit: true, outcome: auditFresh(root) });
    const text = readFileSync(file, 'utf8').replace('{ format }', '{ format, getClient }');
    writeFileSync(file, `${text}export const client = getClient();\n`);
    const run = auditCached(root);
    expect(run.facts[0]).toBe('miss, packages/api/src/log.ts changed its imports from @acme/db');
    expect(run.outcome).toEqual(auditFresh(root));
  });

  it('stays in use on each of two branches that differ in a file of the slice', () => {
    const root = copyOfTemplate();
    const file = join(root, 'src/reconnect.ts');
    const [one, other] = [readFileSync(file, 'utf8'), 'export const reconnect = 1;\n'];
    for (const text of [one, other]) {
      writeFileSync(file, text);
      auditCached(root);
    }
    for (const text of [one, other, one]) {
      writeFileSync(file, text);
      appendFileSync(join(root, 'src/unrelated.ts'), '// A note.\n');
      expect(auditCached(root)).toMatchObject({ isHit: true, outcome: auditFresh(root) });
    }
  });

  it('is kept anew after edits of many unrelated files, so that they are not read at each run', () => {
    const root = copyOfTemplate();
    const files = Array.from({ length: 40 }, (_, index) => join(root, `src/other${index}.ts`));
    for (const file of files) writeFileSync(file, '');
    auditCached(root);
    for (const file of files) writeFileSync(file, '// A note.\n');
    expect(auditCached(root).facts[0]).toContain('files that changed without effect: 40');
    expect(auditCached(root).facts[0]).not.toContain('without effect');
  });

  it('is kept for the last eight states of the code', () => {
    const root = copyOfTemplate();
    for (let state = 0; state < 10; state++) {
      appendFileSync(join(root, 'src/reconnect.ts'), `export const reconnect${state} = ${state};\n`);
      auditCached(root);
    }
    const answers = readdirSync(join(root, 'node_modules/.cache/clickhouse-ssot')).filter((name) => name.endsWith('.answer'));
    // One of the template, which has another root, and eight of this code base.
    expect(answers).toHaveLength(9);
  });

  it('stays in use where git converts the line ends', () => {
    const root = copyOfTemplate();
    git(root, 'config', 'core.autocrlf', 'true');
    rmSync(join(root, 'src'), { recursive: true });
    git(root, 'checkout', '.');
    expect(readFileSync(join(root, 'src/client.ts'), 'utf8')).toContain('\r\n');
    const first = auditCached(root);
    expect(first.isHit).toBe(false);
    expect(auditCached(root)).toMatchObject({ isHit: true, outcome: first.outcome });
  });

  it('is kept for each nested project by itself', () => {
    const root = copyOfTemplate();
    cpSync(join(root, 'src'), join(root, 'other/src'), { recursive: true });
    writeFileSync(join(root, 'other/clickhouse-ssot.config.json'), '{}');
    auditCached(root);
    expect(auditCached(root)).toMatchObject({ isHit: true, outcome: auditFresh(root) });
    writeFileSync(join(root, 'other/clickhouse-ssot.config.json'), '{ "vendored": ["src/reconnect.ts"] }');
    expect(auditCached(root).outcome).toEqual(auditFresh(root));
  });
});
