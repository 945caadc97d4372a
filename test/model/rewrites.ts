import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sourcesIn } from '../engine/random-edits.js';

/** Changes the text of a file without changing its behaviour. Returns the text unchanged if the rewrite does not apply. */
export type Rewrite = (text: string, file: string) => string;

const clientImport = /^import (?:\* as \w+|\w+|\{[^}]*\}) from '(@clickhouse\/client(?:-web)?)';$/m;

/** The rewrites that `rewrites.test.ts` applies, by the name of the change. */
export const rewrites: Readonly<Record<string, Rewrite>> = {
  'an additional barrel': (text, file) => {
    const match = clientImport.exec(text);
    if (!match?.[1] || text.startsWith('import clickhouse') || match[0].startsWith('import clickhouse ')) return text;
    const barrel = `barrel-of-${basename(file).replace(/\W/g, '-')}`;
    writeFileSync(join(dirname(file), `${barrel}.ts`), `export * from '${match[1]}';\n`);
    return text.replace(match[0], match[0].replace(`'${match[1]}'`, `'./${barrel}.js'`));
  },

  'a renamed import': (text) => {
    if (!/^import \{ createClient \} from/m.test(text) || /\{[^}]*\bcreateClient\b[^}]*\}(?! from)/.test(text.replace(/^import.*$/gm, '')))
      return text;
    const renamed = text.replace(/(?<![.'"\w])createClient\b(?!'|:)/g, 'renamedImport');
    return renamed.replace('import { renamedImport }', 'import { createClient as renamedImport }');
  },

  'a local alias': (text) => {
    const match = /^import \{ createClient \} from '([^']+)';$/m.exec(text);
    if (!match?.[1] || /typeof createClient|export \{[^}]*createClient/.test(text)) return text;
    return text.replace(match[0], `import { createClient as imported } from '${match[1]}'; const createClient = imported;`);
  },

  'a namespace import': (text) => {
    const match = /^import \{ createClient \} from '([^']+)';$/m.exec(text);
    if (!match?.[1] || /typeof createClient|export \{[^}]*createClient/.test(text)) return text;
    return text.replace(match[0], `import * as whole from '${match[1]}'; const { createClient } = whole;`);
  },

  'a CommonJS require': (text) => {
    const match = /^import \{ createClient \} from '([^']+)';$/m.exec(text);
    if (!match?.[1] || /typeof createClient|export \{[^}]*createClient/.test(text)) return text;
    return text.replace(match[0], `const { createClient } = require('${match[1]}');`);
  },

  'a construction inside a function': (text) => {
    const match = /^export const (\w+) = (createClient\([^\n]*\)); (\/\/ construction)$/m.exec(text);
    return match
      ? text.replace(match[0], `export const ${match[1] ?? ''} = (() => { return ${match[2] ?? ''}; })(); ${match[3] ?? ''}`)
      : text;
  },

  'imports in reverse order': (text) => {
    const lines = text.split('\n');
    const imports = lines.filter((line) => /^import .* from '.*';$/.test(line));
    let next = imports.length;
    return lines.map((line) => (imports.includes(line) ? (imports[--next] ?? line) : line)).join('\n');
  },

  'CRLF and a byte order mark': (text) => `\uFEFF${text.replace(/\r?\n/g, '\r\n')}`,
};

/** Rewrites the files that `applies` selects and returns the number of changed files. */
export function rewriteAll(root: string, rewrite: Rewrite, applies: () => boolean): number {
  let changed = 0;
  for (const file of sourcesIn(root)) {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.d.ts') || !applies()) continue;
    const rewritten = rewrite(text, file);
    if (rewritten !== text) changed++;
    writeFileSync(file, rewritten);
  }
  return changed;
}

/** Adds a prefix to the file names, which changes their order, and updates the imports. */
export function renameFiles(root: string, prefixOf: (file: string) => string): void {
  const stem = (file: string) => basename(file).replace(/\.[cm]?[jt]sx?$/, '');
  const prefixes = new Map(
    sourcesIn(root)
      .filter((file) => !file.endsWith('.d.ts') && stem(file) !== 'index')
      .map((file) => [file, prefixOf(file)] as const),
  );
  for (const file of sourcesIn(root)) {
    const text = readFileSync(file, 'utf8').replace(
      /(['"])(\.{1,2}\/[^'"]*|@app\/[^'"]*)\1/g,
      (whole, quote: string, specifier: string) => {
        const targets = [...prefixes].filter(
          ([other]) =>
            stem(other) ===
            specifier
              .split('/')
              .at(-1)
              ?.replace(/\.[cm]?[jt]sx?$/, ''),
        );
        const target = targets.find(
          ([other]) => specifier.startsWith('@app/') || join(dirname(file), dirname(specifier)) === dirname(other),
        );
        return target ? `${quote}${specifier.replace(/[^/]+$/, (last) => target[1] + last)}${quote}` : whole;
      },
    );
    writeFileSync(file, text);
  }
  for (const [file, prefix] of prefixes) if (existsSync(file)) renameSync(file, join(dirname(file), prefix + basename(file)));
}
