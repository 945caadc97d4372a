import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { fixture } from '../places.js';

const client = `import { createClient } from '@clickhouse/client';\nexport const client = createClient();\n`;

/** Unusual files and folders under the names of source files. The fixture imports `src/odd.ts`. */
const oddities: Record<string, (root: string) => void> = {
  'a folder with the name of a file': (root) => mkdirSync(join(root, 'src/odd.ts')),
  'a link to nothing': (root) => symlinkSync('gone.ts', join(root, 'src/odd.ts')),
  'a link to itself': (root) => symlinkSync('odd.ts', join(root, 'src/odd.ts')),
  'links in a cycle': (root) => {
    symlinkSync('even.ts', join(root, 'src/odd.ts'));
    symlinkSync('odd.ts', join(root, 'src/even.ts'));
  },
  'a folder that links to its parent': (root) => symlinkSync('..', join(root, 'src/up')),
  'a file without read permission': (root) => {
    writeFileSync(join(root, 'src/odd.ts'), client);
    chmodSync(join(root, 'src/odd.ts'), 0);
  },
  'a folder without permissions': (root) => {
    mkdirSync(join(root, 'src/closed'));
    writeFileSync(join(root, 'src/closed/odd.ts'), client);
    chmodSync(join(root, 'src/closed'), 0);
  },
  'UTF-16': (root) => writeFileSync(join(root, 'src/odd.ts'), Buffer.from(`\uFEFF${client}`, 'utf16le')),
  'Latin-1': (root) => writeFileSync(join(root, 'src/odd.ts'), Buffer.from(`// größer\nexport const odd = 1;\n`, 'latin1')),
  'bytes that are not text': (root) =>
    writeFileSync(join(root, 'src/odd.ts'), Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 197) % 256))),
  'an empty file': (root) => writeFileSync(join(root, 'src/odd.ts'), ''),
  'a name with special characters': (root) => writeFileSync(join(root, 'src/é 😀 \'"`$[x](y)\n.ts'), client),
  'an invalid package.json': (root) => writeFileSync(join(root, 'src/package.json'), '{ "name": '),
  'a tsconfig.json that extends itself': (root) => writeFileSync(join(root, 'src/tsconfig.json'), '{ "extends": "./tsconfig.json" }'),
};

function recursionsIn(root: string): number {
  const text = readFileSync(join(root, 'src/reconnect.ts'), 'utf8');
  const result = new ProjectAnalyses().lint(rules['no-connection-recursion'], {
    file: join(root, 'src/reconnect.ts'),
    cwd: root,
    text,
    override: undefined,
  });
  return result.kind === 'findings' ? result.findings.length : -1;
}

describe.each(['in a git repository', 'without git'])('a project %s', (where) => {
  it.each(Object.keys(oddities))('has the same findings beside %s', (oddity) => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-odd-'));
    cpSync(fixture('recursion/missed-one'), root, { recursive: true });
    oddities[oddity]?.(root);
    writeFileSync(join(root, 'src/importer.ts'), `${client}export * from './odd.js';\n`);
    if (where === 'in a git repository') {
      execFileSync('git', ['init', '-q'], { cwd: root });
      execFileSync('git', ['add', '.'], { cwd: root, stdio: 'ignore' });
    }
    expect(recursionsIn(root)).toBe(1);
  });
});
