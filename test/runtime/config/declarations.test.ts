import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(join(repository, file), 'utf8');

it('the build of the runtime bundles valibot: neither code nor declarations import it, and its licence is included', () => {
  const built = readdirSync(join(repository, 'runtime/dist'), { recursive: true, encoding: 'utf8' });
  const importers = built.filter((file) => /\.(js|ts)$/.test(file) && /(from|import\()\s*["']valibot/.test(read(`runtime/dist/${file}`)));
  expect(importers).toEqual([]);
  const words = (text: string) => text.replaceAll(/^>/gm, '').split(/\s+/).filter(Boolean).join(' ');
  expect(words(read('runtime/THIRD-PARTY.md'))).toContain(words(read('node_modules/valibot/LICENSE.md')));
});
