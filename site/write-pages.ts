import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { rules } from '../rules/index.js';
import { repository } from '../scripts/rule-files.js';
import { contents, leftOut } from './contents.js';
import type { Sources } from './drafts.js';
import { pictures } from './link-targets.js';
import { buildSite } from './pages.js';

/** The folder that VitePress reads. Git ignores it. */
const output = join(repository, 'site/dist/pages');

/** Reads the Markdown files that the site is made from. */
export function readSources(): Sources {
  const inDocs = readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`);
  const files = ['README.md', 'runtime/README.md', 'CONTRIBUTING.md', ...inDocs];
  return { texts: new Map(files.map((file) => [file, readFileSync(join(repository, file), 'utf8')])), rules: Object.values(rules) };
}

/** Writes the pages, the sidebar and the pictures for VitePress. A file that stays the same is not written again. */
export function writePages(): void {
  const { pages, sidebar } = buildSite(readSources(), contents, leftOut);
  const files = new Map([...pages, ['sidebar.json', JSON.stringify(sidebar)]]);
  for (const [file, text] of files) write(join(output, file), text);
  for (const file of readdirSync(output, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.md') && !pages.has(file.replaceAll('\\', '/'))) rmSync(join(output, file));
  cpSync(join(repository, pictures), join(output, 'public/images'), { recursive: true });
  copyMermaid(join(output, 'public/mermaid'));
}

/** Copies the bundle that Mermaid's package has for browsers. */
function copyMermaid(folder: string): void {
  const dist = dirname(createRequire(import.meta.url).resolve('mermaid'));
  for (const part of ['mermaid.esm.min.mjs', 'chunks/mermaid.esm.min'])
    cpSync(join(dist, part), join(folder, part), { recursive: true, filter: (path) => !path.endsWith('.map') });
}

function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
