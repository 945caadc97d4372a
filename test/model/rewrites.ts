import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sourcesIn } from '../engine/random-edits.js';

/** A change of the text that leaves the meaning as it was. It may not apply to a file; then it gives the text back. */
export type Rewrite = (text: string, file: string) => string;

const clientImport = /^import (?:\* as \w+|\w+|\{[^}]*\}) from '(@clickhouse\/client(?:-web)?)';$/m;

export const rewrites: Readonly<Record<string, Rewrite>> = {
  'one more barrel': (text, file) => {
    const match = clientImport.exec(text);
    if (!match?.[1] || text.startsWith('import clickhouse') || match[0].startsWith('import clickhouse ')) return text;
    const barrel = `barrel-of-${basename(file).replace(/\W/g, '-')}`;
    writeFileSync(join(dirname(file), `${barrel}.ts`), `export * from '${match[1]}';\n`);
    return text.replace(match[0], match[0].replace(`'${match[1]}'`, `'./${barrel}.js'`));
  },

  'another local name': (text) => {
    if (!/^import \{ createClient \} from/m.test(text) || /\{[^}]*\bcreateClient\b[^}]*\}(?! from)/.test(text.replace(/^import.*$/gm, '')))
      return text;
    const renamed = text.replace(/(?<![.'"\w])createClient\b(?!'|:)/g, 'madeHere');
    return renamed.replace('import { madeHere }', 'import { createClient as madeHere }');
  },

  'an alias on the way': (text) => {
    const match = /^import \{ createClient \} from '([^']+)';$/m.exec(text);
    if (!match?.[1] || /typeof createClient|export \{[^}]*createClient/.test(text)) return text;
    return text.replace(match[0], `import { createClient as imported } from '${match[1]}'; const createClient = imported;`);
  },

  'a namespace instead of a name': (text) => {
    const match = /^import \{ createClient \} from '([^']+)';$/m.exec(text);
    if (!match?.[1] || /typeof createClient|export \{[^}]*createClient/.test(text)) return text;
    return text.replace(match[0], `import * as whole from '${match[1]}'; const { createClient } = whole;`);
  },

  'CommonJS instead of a module': (text) => {
    const match = /^import \{ createClient \} from '([^']+)';$/m.exec(text);
    if (!match?.[1] || /typeof createClient|export \{[^}]*createClient/.test(text)) return text;
    return text.replace(match[0], `const { createClient } = require('${match[1]}');`);
  },

  'inside a function': (text) => {
    const match = /^export const (\w+) = (createClient\([^\n]*\)); (\/\/ construction)$/m.exec(text);
    return match
      ? text.replace(match[0], `export const ${match[1] ?? ''} = (() => { return ${match[2] ?? ''}; })(); ${match[3] ?? ''}`)
      : text;
  },

  'imports in another order': (text) => {
    const lines = text.split('\n');
    const imports = lines.filter((line) => /^import .* from '.*';$/.test(line));
    let next = imports.length;
    return lines.map((line) => (imports.includes(line) ? (imports[--next] ?? line) : line)).join('\n');
  },

  'CRLF and a byte order mark': (text) => `\uFEFF${text.replace(/\r?\n/g, '\r\n')}`,
};

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

/** Gives files other names, so that they are met in another order, and mends the imports. */
export function renameFiles(root: string, prefixOf: (file: string) => string): void {
  const stem = (file: string) => basename(file).replace(/\.[cm]?[jt]sx?$/, '');
  const named = new Map(
    sourcesIn(root)
      .filter((file) => !file.endsWith('.d.ts') && stem(file) !== 'index')
      .map((file) => [file, prefixOf(file)] as const),
  );
  for (const file of sourcesIn(root)) {
    const text = readFileSync(file, 'utf8').replace(
      /(['"])(\.{1,2}\/[^'"]*|@app\/[^'"]*)\1/g,
      (whole, quote: string, specifier: string) => {
        const targets = [...named].filter(
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
  for (const [file, prefix] of named) if (existsSync(file)) renameSync(file, join(dirname(file), prefix + basename(file)));
}
