import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(join(repository, file), 'utf8');

it('the runtime has valibot within it: neither its code nor its declarations ask for the package, and the licence is there', () => {
  const built = readdirSync(join(repository, 'runtime/dist'), { recursive: true, encoding: 'utf8' });
  const asking = built.filter((file) => /\.(js|ts)$/.test(file) && /(from|import\()\s*["']valibot/.test(read(`runtime/dist/${file}`)));
  expect(asking).toEqual([]);
  const words = (text: string) => text.replaceAll(/^>/gm, '').split(/\s+/).filter(Boolean).join(' ');
  expect(words(read('runtime/THIRD-PARTY.md'))).toContain(words(read('node_modules/valibot/LICENSE.md')));
});
