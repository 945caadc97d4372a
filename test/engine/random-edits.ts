import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Returns a generator of repeatable random numbers from 0 to 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Returns the absolute paths of the source files under a folder, sorted. */
export function sourcesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .map((file) => join(root, file))
    .sort();
}

/** Makes one random edit of a code base, like those of users. Returns a description of it. */
export function edit(root: string, random: () => number): string {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const file = pick(sourcesIn(root));
  const text = readFileSync(file, 'utf8');
  const edits: Record<string, () => void> = {
    construct: () =>
      writeFileSync(file, `${text}\nimport { createClient as create${Math.floor(random() * 1e6)} } from '@clickhouse/client';\n`),
    call: () =>
      writeFileSync(file, text.replace(/\)\s*$/m, ')') + `\nexport const extra${Math.floor(random() * 1e6)} = () => globalThis;\n`),
    'remove the bypass': () => writeFileSync(file, text.replace(/\{ (?:bypassManager|skipPool): true \}/, '{}')),
    'set the bypass': () => writeFileSync(file, text.replace(/get(\w*)Client\(\)(?!:)/, 'get$1Client({ bypassManager: true })')),
    'rename an export': () => writeFileSync(file, text.replace(/export (class|function|const) (\w+)/, 'export $1 $2x')),
    'cut the text': () => writeFileSync(file, text.slice(0, Math.floor(random() * text.length))),
    'duplicate lines': () =>
      writeFileSync(
        file,
        text
          .split('\n')
          .flatMap((line) => (random() < 0.1 ? [line, line] : [line]))
          .join('\n'),
      ),
    'import another file': () => {
      const other = pick(sourcesIn(root).filter((source) => dirname(source) === dirname(file)));
      const name = `other${Math.floor(random() * 1e6)}`;
      const use = random() < 0.7 ? `export const use${name} = ${name};` : `export type Use${name} = typeof ${name};`;
      writeFileSync(file, `import * as ${name} from './${basename(other).replace(/\.tsx?$/, '.js')}';\n${text}\n${use}\n`);
    },
    empty: () => writeFileSync(file, ''),
    create: () =>
      writeFileSync(
        join(dirname(file), `new-${Math.floor(random() * 1e6)}.ts`),
        `export * from './${basename(file).replace(/\.tsx?$/, '.js')}';\n`,
      ),
    rename: () => renameSync(file, file.replace(/(\.[cm]?[jt]sx?)$/, `-r$1`)),
    move: () => {
      const folder = join(dirname(file), 'moved');
      mkdirSync(folder, { recursive: true });
      renameSync(file, join(folder, basename(file)));
    },
    delete: () => rmSync(file),
    'change the paths': () => {
      const tsconfig = join(root, 'tsconfig.json');
      const paths = random() < 0.5 ? {} : { '@app/*': ['./src/*'], './client.js': ['./src/moved/client.ts'] };
      writeFileSync(tsconfig, JSON.stringify({ compilerOptions: { paths } }));
    },
    'change the settings': () => {
      const valid = { factories: random() < 0.5 ? [] : ['src/client.ts'], managers: random() < 0.7 ? [] : ['src/manager.ts'] };
      writeFileSync(join(root, 'clickhouse-ssot.config.json'), JSON.stringify(random() < 0.2 ? { factorys: [] } : valid));
    },
  };
  const name = pick(Object.keys(edits));
  edits[name]?.();
  return `${name}: ${file}${existsSync(file) ? '' : ' (removed)'}`;
}
