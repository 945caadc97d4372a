import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository, without a slash at the end. */
export const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Returns the absolute path of a fixture. */
export function fixture(name: string): string {
  return join(repository, 'fixtures', name);
}

/** Returns the names of the fixtures in a folder, such as `folder/name`. */
export function fixturesIn(folder: string): string[] {
  return readdirSync(fixture(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
}

/** Returns the names of all fixtures. */
export function allFixtures(): string[] {
  return readdirSync(fixture('')).flatMap((name) => (name === 'recursion' ? fixturesIn(name) : [name]));
}

/** Returns the lines that end in a marker comment such as `// construction`, as `file:line`. */
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
