import { posix } from 'node:path';
import type { ts as TS } from 'ts-morph';
import { lineBreakOf } from '../../edits/file-edit.js';
import { ts } from '../../model/typescript/load-ts-morph.js';

/** How a file writes its imports. */
export interface ImportStyle {
  readonly quote: "'" | '"';
  /** A semicolon, or nothing. */
  readonly end: ';' | '';
  readonly lineBreak: '\r\n' | '\n';
}

/** Returns the style of the imports of a file: that of most of them. Without imports, that of its other strings. */
export function importStyleOf(source: TS.SourceFile): ImportStyle {
  const { text } = source;
  const imports = source.statements.filter((statement) => ts.isImportDeclaration(statement) || ts.isVariableStatement(statement));
  const samples = imports.length > 0 ? imports.map((statement) => statement.getText(source)) : [text];
  const joined = samples.join('\n');
  const count = (pattern: RegExp): number => joined.match(pattern)?.length ?? 0;
  const withEnd = samples.filter((sample) => sample.endsWith(';')).length;
  return {
    quote: count(/"/g) > count(/'/g) ? '"' : "'",
    end: imports.length > 0 && withEnd * 2 < samples.length ? '' : ';',
    lineBreak: lineBreakOf(text),
  };
}

/** The extensions with which files import their neighbours. `written` is what stands for `.ts` in a specifier. */
const written: Readonly<Record<string, string>> = { '.ts': '.js', '.tsx': '.js', '.mts': '.mjs', '.cts': '.cjs' };

/** Returns the specifier of `target` in `file`. `samples` are relative specifiers of the file and of files near it, nearest first. */
export function specifierOf(file: string, target: string, samples: readonly string[], isNodeNext: boolean): string {
  const relative = posix.relative(posix.dirname(file), target);
  const path = relative.startsWith('.') ? relative : `./${relative}`;
  const extension = posix.extname(target);
  const stem = path.slice(0, -extension.length);
  if (extension in written) {
    const style = samples.map(extensionStyle).find((found) => found !== undefined) ?? (isNodeNext ? 'output' : 'none');
    if (style === 'none') return extension === '.ts' || extension === '.tsx' ? stem : `${stem}${written[extension] ?? ''}`;
    return style === 'source' ? path : `${stem}${written[extension] ?? ''}`;
  }
  // Node.js needs the extension in ES modules; a bundler may not.
  const isBare = samples.length > 0 && samples.every((sample) => posix.extname(sample) === '') && extension === '.js';
  return isBare ? stem : path;
}

function extensionStyle(specifier: string): 'source' | 'output' | 'none' | undefined {
  const extension = posix.extname(specifier);
  if (/^\.[cm]?tsx?$/.test(extension)) return 'source';
  if (/^\.[cm]?jsx?$/.test(extension)) return 'output';
  return extension === '' || !/^\.(?:json|css|scss|svg|vue|svelte|astro|node|wasm|sql|md|png)$/.test(extension) ? 'none' : undefined;
}

/** Returns the relative specifiers of the imports of a file. */
export function relativeSpecifiers(source: TS.SourceFile): string[] {
  return source.statements.flatMap((statement) =>
    (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
    statement.moduleSpecifier &&
    ts.isStringLiteral(statement.moduleSpecifier) &&
    /^\.\.?\//.test(statement.moduleSpecifier.text)
      ? [statement.moduleSpecifier.text]
      : [],
  );
}
