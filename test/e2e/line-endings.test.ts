import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOf, type Reported, runAudit, runEslint, runOxlint } from './hosts.js';

const hosts: Record<string, (folder: string, args?: readonly string[]) => Reported[]> = {
  'ESLint 10': (folder, args) => runEslint('eslint', folder, args),
  'ESLint 9': (folder, args) => runEslint('eslint9', folder, args),
  oxlint: runOxlint,
};

function rewriteAll(folder: string, rewrite: (text: string) => string): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.ts')) writeFileSync(join(folder, file), rewrite(readFileSync(join(folder, file), 'utf8')));
}

const asOnWindows = (text: string) => `\uFEFF/* 😀 */ ${text.replaceAll('\n', '\r\n')}`;

describe('files with Windows line endings, a byte order mark and an emoji', () => {
  const plain = runAudit(copyOf('recursion/missed-one'));

  it('have the same findings at the same positions, for the audit and every linter', () => {
    const folder = copyOf('recursion/missed-one');
    rewriteAll(folder, asOnWindows);
    expect(plain).not.toEqual([]);
    expect(runAudit(folder)).toEqual(plain);
    for (const lint of Object.values(hosts)) expect(lint(folder)).toEqual(plain);
  });

  it.each(Object.keys(hosts))('are fixed by %s without any other change of the text', (host) => {
    const folder = copyOf('recursion/missed-one');
    const before = readFileSync(join(folder, 'src/reconnect.ts'), 'utf8');
    rewriteAll(folder, asOnWindows);
    hosts[host]?.(folder, ['--fix']);
    expect(readFileSync(join(folder, 'src/reconnect.ts'), 'utf8')).toBe(
      asOnWindows(before.replace('getClient();', 'getClient({ bypassManager: true });')),
    );
  });
});
