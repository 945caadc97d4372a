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

it.each([
  ['factory', ''],
  ['runtime', 'runtime-'],
])('shows what the command writes with --to %s', async (to, prefix) => {
  const before = filesOf(`${prefix}before`);
  const root = codeBase({
    'package.json': { name: 'app', type: 'module' },
    'tsconfig.json': { compilerOptions: { module: 'nodenext', skipLibCheck: true } },
    ...before,
    ...(to === 'runtime'
      ? {
          'src/main.ts': Object.keys(before)
            .map((file) => `import './${file.slice(4, -3)}.js';\n`)
            .join(''),
        }
      : {}),
  });
  await migrate(root, { to, write: true });
  const after = filesOf(`${prefix}after`);
  expect(Object.keys(after)).toHaveLength(3);
  for (const [file, text] of Object.entries(after)) expect(textOf(root, file)).toBe(text);
});
