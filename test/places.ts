import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

export function fixture(name: string): string {
  return join(repository, 'fixtures', name);
}

export function fixturesIn(folder: string): string[] {
  return readdirSync(fixture(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
}

/** The places, as `file:line`, whose line ends in a marker comment: `// construction`. */
export function markedLines(root: string, marker: string): string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.[cm]?[jt]sx?$/.test(file) && !file.includes('node_modules'),
  );
  return files
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split(/\r?\n/)
        .flatMap((line, index) => (line.endsWith(`// ${marker}`) ? [`${file}:${index + 1}`] : [])),
    )
    .sort();
}
