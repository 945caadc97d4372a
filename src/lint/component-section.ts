import { readFileSync } from 'node:fs';
import { withoutBom } from '../project/document-store.js';
import { hasScripts, isComponentFile } from '../project/script-blocks.js';

/**
 * The part of a file that a linter passes. A parser for components passes the whole file. oxlint passes each script of a component on its own:
 * a `section` that starts at the offset in the file on disk. `unknown` is a section of a file that was edited and not saved.
 */
export type LintedText = { readonly kind: 'file' } | { readonly kind: 'section'; readonly start: number } | { readonly kind: 'unknown' };

/** Compares a linter's text with the file on disk. `readText` returns undefined for a file that does not exist. */
export function lintedTextOf(file: string, text: string, readText: (file: string) => string | undefined = readDisk): LintedText {
  if (!isComponentFile(file)) return { kind: 'file' };
  const saved = readText(file);
  if (saved === undefined || saved === text) return { kind: 'file' };
  const start = text === '' ? -1 : saved.indexOf(text);
  // No section contains a script element, but for the text of a string in the frontmatter of an Astro file.
  if (hasScripts(file, text) && !(file.endsWith('.astro') && start > 0)) return { kind: 'file' };
  return start >= 0 ? { kind: 'section', start } : { kind: 'unknown' };
}

function readDisk(file: string): string | undefined {
  try {
    return withoutBom(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
