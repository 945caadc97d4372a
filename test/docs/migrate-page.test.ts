import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrate, textOf } from '../migrate/run-migrate.js';
import { codeBase } from '../project/code-base.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/migrate.md'), 'utf8');

/** The files of a block, each under a comment with its path. */
function filesOf(label: string): Record<string, string> {
  const block = new RegExp(`\`\`\`ts ${label}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
  return Object.fromEntries(
    block
      .split(/^\/\/ (?=src\/)/m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );
}

it('shows what the command writes', async () => {
  const root = codeBase({
    'package.json': { name: 'app', type: 'module' },
    'tsconfig.json': { compilerOptions: { module: 'nodenext', skipLibCheck: true } },
    ...filesOf('before'),
  });
  await migrate(root, { write: true });
  const after = filesOf('after');
  expect(Object.keys(after)).toHaveLength(3);
  for (const [file, text] of Object.entries(after)) expect(textOf(root, file)).toBe(text);
});
